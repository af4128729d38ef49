import { ScreenHead } from '../../kit/layout.tsx';
import { useTitle } from '../../shell/use-title.ts';

const TITLE = 'NewWebhook';

export default function NewWebhook() {
  useTitle(TITLE);
  return <ScreenHead title={TITLE} />;
}
