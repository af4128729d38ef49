import { ScreenHead } from '../../kit/layout.tsx';
import { useTitle } from '../../shell/use-title.ts';

const TITLE = 'Deliveries';

export default function Deliveries() {
  useTitle(TITLE);
  return <ScreenHead title={TITLE} />;
}
