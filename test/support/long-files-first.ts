import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** They wait for a minute and use little CPU time, so they run beside the files of the browser, which hardly wait. */
const WAITING = ['/test/journeys/outage.', '/test/journeys/retry.'];

/**
 * Starts long test files first, so that the short ones fill the end. The files of a project are together: Vitest ends a
 * worker when the next file belongs to another project.
 */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ project, moduleId }: TestSpecification): number => {
      if (WAITING.some((part) => moduleId.includes(part))) return 0;
      if (project.name === 'browser') return 1;
      if (project.name === 'journeys') return 2;
      return moduleId.includes('/test/chaos/') ? 3 : 4;
    };
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}
