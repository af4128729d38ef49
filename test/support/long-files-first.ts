import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Starts long test files first. Most of their time is waiting, in which the short files run. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ project, moduleId }: TestSpecification): boolean =>
      ['browser', 'journeys'].includes(project.name) || moduleId.includes('/test/chaos/');
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
