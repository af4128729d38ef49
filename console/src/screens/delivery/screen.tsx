import { ScreenHead } from '../../kit/layout.tsx';
import { useTitle } from '../../shell/use-title.ts';

const TITLE = 'Delivery';

export default function Delivery() {
  useTitle(TITLE);
  return <ScreenHead title={TITLE} />;
}
