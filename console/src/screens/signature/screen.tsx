import { ScreenHead } from '../../kit/layout.tsx';
import { useTitle } from '../../shell/use-title.ts';

const TITLE = 'Signature';

export default function Signature() {
  useTitle(TITLE);
  return <ScreenHead title={TITLE} />;
}
