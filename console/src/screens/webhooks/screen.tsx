import { ScreenHead } from '../../kit/layout.tsx';
import { useTitle } from '../../shell/use-title.ts';

const TITLE = 'Webhooks';

export default function Webhooks() {
  useTitle(TITLE);
  return <ScreenHead title={TITLE} />;
}
