// What must not happen to text that is only shown, looked for in every frame of the workbench.
import type { Frame, Page } from 'playwright-core';
import { marker } from './hostileTexts.ts';

export interface Alarms {
  /** Text that ran as code, and dialogs that it opened. */
  readonly ran: readonly string[];
  /** Elements and links that were made of text, in words. */
  made(): Promise<readonly string[]>;
}

export async function setAlarms(page: Page): Promise<Alarms> {
  const ran: string[] = [];
  await page.exposeBinding(marker, ({ frame }) => {
    ran.push(`code in ${frame.url()}`);
  });
  page.on('dialog', dialog => {
    ran.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return {
    ran,
    made: async () => (await Promise.all(page.frames().map(madeIn))).flat(),
  };
}

async function madeIn(frame: Frame): Promise<readonly string[]> {
  const isPage = frame.url().includes('/fake.html');
  try {
    return await frame.evaluate(lookAround, isPage);
  } catch {
    // A frame that is just going away shows nothing any more.
    return [];
  }
}

function lookAround(isPage: boolean): readonly string[] {
  const all = [...document.querySelectorAll('*')];
  const bad = all.filter(element => {
    const { localName } = element;
    // VS Code keeps the target of its own links in a data attribute.
    const link = element.getAttribute('href') ?? element.getAttribute('data-href') ?? '';
    if (/^(command|javascript):/i.test(link)) return true;
    if (element.getAttributeNames().some(name => name.startsWith('on'))) return true;
    if (element.closest('.monaco-hover') && ['a', 'img'].includes(localName)) return true;
    // Our pages make none of these; VS Code adds a script of its own.
    if (!isPage) return false;
    if (localName === 'script') {
      return !element.hasAttribute('nonce') && element.id !== '_vscodeApiScript';
    }
    return ['a', 'img', 'iframe', 'object', 'embed', 'form', 'base'].includes(localName);
  });
  return bad.map(element => element.outerHTML.slice(0, 300));
}
