// Waiting for the page, with errors that show what was there instead.

/**
 * Waits until an element is seen; an error on the page ends the wait at once.
 * @param {import("playwright-core").Locator} locator
 * @param {number} [timeout]
 */
export async function expectVisible(locator, timeout = PATIENCE) {
  const page = locator.page();
  const trouble = page.getByTestId("error");
  try {
    await locator.or(trouble).first().waitFor({ timeout });
    if (await locator.first().isVisible()) return;
  } catch (error) {
    throw new Error(`${error.message}\nThe page said:\n${await textOf(page)}`);
  }
  throw new Error(`waited for ${locator}, but the page said:\n${await textOf(page)}`);
}

async function textOf(page) {
  return page.locator("main").innerText().catch(() => "(no page)");
}

const PATIENCE = 30_000;
