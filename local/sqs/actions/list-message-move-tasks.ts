import type { Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../engine.ts';
import { readInteger, readText } from '../input.ts';

const MAX_RESULTS = 10;

/** The newest first. A move completes at once, so there is no CancelMessageMoveTask. */
export function listMessageMoveTasks(engine: SqsEngine, input: Json): Json {
  const sourceArn = readText(input, 'SourceArn');
  const max = readInteger(input, 'MaxResults', 1, MAX_RESULTS) ?? 1;
  const tasks = engine.moveTasks(sourceArn).slice(0, max);
  return {
    Results: tasks.map((task) => ({
      Status: task.status,
      SourceArn: task.sourceArn,
      ...(task.destinationArn === undefined ? {} : { DestinationArn: task.destinationArn }),
      ApproximateNumberOfMessagesMoved: task.moved,
      ApproximateNumberOfMessagesToMove: task.toMove,
      ...(task.failureReason === undefined ? {} : { FailureReason: task.failureReason }),
      StartedTimestamp: task.startedAt,
    })),
  };
}
