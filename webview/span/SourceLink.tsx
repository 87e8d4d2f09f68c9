import { oneLine } from '../../src/core/describe.ts';
import type { Source } from '../../src/core/metadata.ts';
import { useKeyed, usePage, useShown } from '../app/page.tsx';
import { Link } from '../ui/buttons.tsx';

/** File, line and function; opens through the host, which finds the file. */
export function SourceLink({
  source,
  short = false,
}: {
  readonly source: Source;
  readonly short?: boolean;
}) {
  const { connection, words, ask } = usePage();
  const { ref } = useShown();
  const keyed = useKeyed();
  const name = source.file.split(/[/\\]/).at(-1) ?? source.file;
  const place = source.line === undefined ? name : `${name}:${source.line}`;
  const title = `${keyed(words.goToSource, 'goToSource')}\n${oneLine(source.file)}`;
  return (
    <Link title={title} onClick={() => ask(connection.api.run('goToSource', ref))}>
      {oneLine(source.function && !short ? `${place} ${source.function}` : place, 80)}
    </Link>
  );
}
