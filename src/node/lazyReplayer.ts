import { createRequire } from 'node:module';
import { TraceError } from '../core/errors.ts';
import type { Sending } from './replayer.ts';
import { defaultReplayFile } from './replayPath.ts';

type Replayer = typeof import('./replayer.ts');

/** @param bundle the built `replayer.ts` */
export function lazyReplayer(bundle: string) {
  // `require` keeps what it has loaded.
  const load = (): Replayer => createRequire(bundle)(bundle);
  const ours = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw own(error);
    }
  };
  return {
    get defaultFile() {
      return defaultReplayFile();
    },
    get env() {
      return process.env;
    },
    versions: { node: process.versions.node },
    send: ({ onReplayed, ...sending }: Sending) =>
      ours(
        load()
          .send({
            ...sending,
            onReplayed: one => onReplayed?.({ ...one, error: one.error && own(one.error) }),
          })
          .then(problem => problem && own(problem)),
      ),
    keep: (...args: Parameters<Replayer['keep']>) => ours(load().keep(...args)),
    keepTool: (...args: Parameters<Replayer['keepTool']>) => ours(load().keepTool(...args)),
    keepServed: (...args: Parameters<Replayer['keepServed']>) => ours(load().keepServed(...args)),
    remove: (...args: Parameters<Replayer['remove']>) => ours(load().remove(...args)),
    git: (folder: string) => load().git(folder),
  };
}

/** Its bundle has a class of errors of its own, which is not known here. */
function own(thrown: unknown): TraceError {
  const { code, args, cause } = thrown as TraceError;
  return thrown instanceof Error && thrown.name === 'TraceError'
    ? new TraceError(code, args, cause)
    : TraceError.from(thrown);
}
