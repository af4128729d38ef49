import type { Locator } from 'playwright-core';

/** Activates a link or a button, as one kind of person does. */
export type Hand = (target: Locator) => Promise<void>;

/** More than the controls of any screen of these tests. */
const MAX_TABS = 200;

export const byMouse: Hand = (target) => target.click();

/** Moves the focus to the control by Tab alone, and presses the key of the control. */
export const byKeyboard: Hand = async (target) => {
  const { keyboard } = target.page();
  await target.waitFor();
  for (let tabs = 0; tabs < MAX_TABS; tabs++) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      const isCheckbox = await target.evaluate((element) => element.matches('[type=checkbox], [type=radio]'));
      await keyboard.press(isCheckbox ? 'Space' : 'Enter');
      return;
    }
    await keyboard.press('Tab');
  }
  throw new Error(`the focus does not reach ${target} within ${MAX_TABS} presses of Tab`);
};
