import { ScreenHead } from '../../kit/layout.tsx';
import { useTitle } from '../../shell/use-title.ts';

const TITLE = 'Webhook';

export default function Webhook() {
  useTitle(TITLE);
  return <ScreenHead title={TITLE} />;
}
