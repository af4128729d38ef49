import { ScreenHead } from '../../kit/layout.tsx';
import { useTitle } from '../../shell/use-title.ts';

const TITLE = 'Recover';

export default function Recover() {
  useTitle(TITLE);
  return <ScreenHead title={TITLE} />;
}
