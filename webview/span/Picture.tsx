import { useContext, useEffect, useRef, useState } from 'react';
import type { Block } from '../../src/core/content.ts';
import { oneLine } from '../../src/core/describe.ts';
import { fillIn } from '../../src/core/errors.ts';
import { formatBytes, integer } from '../../src/core/format.ts';
import type { Words } from '../../src/core/words.ts';
import { imageParts, namedMessage, type SpanImage } from '../../src/protocol/reader.ts';
import { usePage, useWords } from '../app/page.tsx';
import { CopyLink, Link } from '../ui/buttons.tsx';
import { type Origin, OriginContext } from '../ui/CutText.tsx';
import { Icon } from '../ui/Icon.tsx';

type ImageBlock = Extract<Block, { type: 'image' }>;
type State = SpanImage | { readonly problem: 'broken' } | undefined;

/** A recorded picture. One that lies elsewhere is never loaded: the panel does not go to the network. */
export function Picture({ block }: { readonly block: ImageBlock }) {
  const words = useWords();
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = usePicture(block, place);
  const [url, setUrl] = useState<string>();
  const shown = state && 'bytes' in state ? state : undefined;

  useEffect(() => {
    if (!shown) return;
    const made = URL.createObjectURL(new Blob([shown.bytes], { type: shown.type }));
    setUrl(made);
    return () => {
      URL.revokeObjectURL(made);
      setUrl(undefined);
    };
  }, [shown]);

  const name = title(block, shown, words);
  return (
    <div className="picture" ref={place}>
      {shown && url && (
        <img
          src={url}
          alt={name}
          width={shown.width}
          height={shown.height}
          onError={() => setState({ problem: 'broken' })}
        />
      )}
      <div className="image-line">
        <Icon name="image" />
        <span className={shown ? 'second small' : undefined}>{name}</span>
        {shown && url && (
          <CopyLink copy={() => copyPicture(shown)} label={fillIn(words.copyThis, [name])} />
        )}
        {block.url !== undefined && (
          <span className="second ellipsis" title={oneLine(block.url, 2000)}>
            {oneLine(block.url)}
          </span>
        )}
      </div>
      <Problem block={block} state={state} />
    </div>
  );
}

/** Clipboards take PNG alone; of a picture that moves, its first frame. */
async function copyPicture({ bytes, type }: Extract<SpanImage, { bytes: unknown }>): Promise<void> {
  const recorded = new Blob([bytes], { type });
  const png = type === 'image/png' ? recorded : asPng(recorded);
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
}

async function asPng(picture: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(picture);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/png' });
}

/** Asks for a picture once it comes into sight. */
function usePicture(
  { key }: ImageBlock,
  place: { readonly current: HTMLElement | null },
): [State, (state: State) => void] {
  const { connection } = usePage();
  const origin = useContext(OriginContext);
  const [state, setState] = useState<State>();
  const [seen, setSeen] = useState(false);

  useEffect(() => {
    const element = place.current;
    if (!element || key === undefined) return;
    const watch = new IntersectionObserver(entries => {
      if (entries.some(one => one.isIntersecting)) setSeen(true);
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [place, key]);

  const file = origin?.ref.file;
  const spanId = origin?.ref.spanId;
  const part = origin && partOf(origin);
  useEffect(() => {
    if (!seen || key === undefined || file === undefined || spanId === undefined || !part) return;
    let wanted = true;
    const answer = connection.caller.call('image', { file, spanId }, part, key);
    answer.then(
      image => wanted && setState(image),
      () => wanted && setState({ problem: 'broken' }),
    );
    return () => {
      wanted = false;
      answer.cancel();
    };
  }, [connection, seen, key, file, spanId, part]);
  return [state, setState];
}

function partOf({ part }: Origin): (typeof imageParts)[number] | undefined {
  const side = namedMessage(part)?.side ?? part;
  return imageParts.find(one => one === side);
}

function title(
  block: ImageBlock,
  shown: Extract<SpanImage, { bytes: unknown }> | undefined,
  words: Words,
): string {
  const type = oneLine(shown?.type ?? block.mediaType, 60);
  if (block.url !== undefined) return words.imageLinked;
  if (block.bytes === undefined) return fillIn(words.image, [type]);
  const size = formatBytes(block.bytes);
  if (!shown) return fillIn(words.imageSized, [type, size]);
  return fillIn(words.imageMeasured, [type, integer(shown.width), integer(shown.height), size]);
}

function Problem({ block, state }: { readonly block: ImageBlock; readonly state: State }) {
  const { connection, words, ask } = usePage();
  const origin = useContext(OriginContext);
  if (block.url !== undefined) return <p className="second small">{words.imageElsewhere}</p>;
  if (!state || 'bytes' in state) return null;
  const sentences: Readonly<Record<typeof state.problem, string>> = {
    missing: words.imageMissing,
    'too-large': words.imageTooLarge,
    'too-many-pixels': words.imageTooManyPixels,
    'no-image': words.imageUnknown,
    broken: words.imageBroken,
  };
  const ref = origin?.ref;
  return (
    <div className="image-line second small">
      <span>{sentences[state.problem]}</span>
      {ref && (
        <Link onClick={() => ask(connection.api.openText(ref, 'metadata'))}>
          {words.openInEditor}
        </Link>
      )}
    </div>
  );
}
