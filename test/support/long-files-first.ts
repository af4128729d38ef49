import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take long, most of them by waiting: the quick ones fill the time until they end. */
export class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ project, moduleId }: TestSpecification): boolean =>
      project.name === 'journeys' || moduleId.includes('/test/chaos/');
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
