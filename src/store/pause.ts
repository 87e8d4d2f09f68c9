import type { Steps } from '../core/steps.ts';

// Half a frame at 60 Hz: in the web build, the reader shares the thread of the extension.
const atMost = 8;

/** Lets others have the thread during long work. */
export class Pause {
  private since = performance.now();
  /** Throws where the work has become vain. */
  readonly check: () => void;

  /** @param check is called after each pause */
  constructor(check: () => void = () => undefined) {
    this.check = check;
  }

  async ifLong(): Promise<void> {
    if (performance.now() - this.since < atMost) return;
    await nextTask();
    this.check();
    this.since = performance.now();
  }

  /** Does work that comes in steps. */
  async through<T>(steps: Steps<T>): Promise<T> {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      await this.ifLong();
    }
  }
}

/** Resolves in a task of its own, so that messages which have arrived are seen first. */
export const nextTask = (): Promise<void> =>
  // Timers wait a millisecond or more; browsers have nothing else.
  new Promise(
    typeof setImmediate === 'function' ? setImmediate : resolve => setTimeout(resolve, 0),
  );
