import { ScreenHead } from '../../kit/layout.tsx';
import { useTitle } from '../../shell/use-title.ts';

const TITLE = 'Event';

export default function Event() {
  useTitle(TITLE);
  return <ScreenHead title={TITLE} />;
}
