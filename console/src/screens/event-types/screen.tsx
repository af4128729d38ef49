import { ScreenHead } from '../../kit/layout.tsx';
import { useTitle } from '../../shell/use-title.ts';

const TITLE = 'EventTypes';

export default function EventTypes() {
  useTitle(TITLE);
  return <ScreenHead title={TITLE} />;
}
