import { ScreenHead } from '../../kit/layout.tsx';
import { useTitle } from '../../shell/use-title.ts';

const TITLE = 'Developers';

export default function Developers() {
  useTitle(TITLE);
  return <ScreenHead title={TITLE} />;
}
