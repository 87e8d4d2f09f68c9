// Finds Chromium, or has the system's package manager install it, and starts it without a window.
import { spawnSync } from 'node:child_process';
import { type Browser, chromium } from 'playwright-core';
import { onPath } from './programs.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function found(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of names) {
    const file = onPath(name);
    if (file) return file;
  }
  return undefined;
}

function aptInstall(): void {
  const isRoot = process.getuid?.() === 0;
  const apt = isRoot ? ['apt-get'] : ['sudo', '-n', 'apt-get'];
  console.log('getting Chromium with apt-get (about 30 s, once)');
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const [command = '', ...before] = apt;
    spawnSync(command, [...before, '-qq', ...args], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
}

/** Chromium's executable; it is installed first where that can be done. Throws where there is none. */
export function chromiumPath(): string {
  const file = found();
  if (file) return file;
  if (onPath('apt-get')) aptInstall();
  const installed = found();
  if (installed) return installed;
  throw new Error(
    'The tests need Chromium or Chrome. Install one, or set CHROMIUM to the path of its executable.',
  );
}

/** Chromium without a window, making no calls of its own and never slowing down pages out of sight. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      // Root, as in a container, cannot have Chromium's sandbox; the pages here are our own.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
    ],
  });
}
