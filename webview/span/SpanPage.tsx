import { useEffect, useMemo, useRef, useState } from 'react';
import type { PanelStart, SpanRef, SpanTab } from '../../src/protocol/panel.ts';
import { type Forms, FormsContext, formsAtFirst } from '../app/forms.ts';
import { type Shown, ShownContext, usePage, useWords } from '../app/page.tsx';
import { Empty, Failure, OlderShown } from '../ui/states.tsx';
import { SpanView } from './SpanView.tsx';
import { chooseTab } from './tabs.ts';
import { type SpanRequest, useSpan } from './useSpan.ts';

type View = Extract<PanelStart['view'], { kind: 'span' }>;

const same = (a: SpanRef | undefined, b: SpanRef | undefined): boolean =>
  a?.file === b?.file && a?.spanId === b?.spanId;

export function SpanPage({ view }: { readonly view: View }) {
  const { connection, ask } = usePage();
  const words = useWords();
  const saved = useMemo(() => connection.saved(), [connection]);
  const [request, setRequest] = useState<SpanRequest | undefined>(() => {
    const ref = view.target ?? saved.ref;
    return ref && { ref, tab: view.tab ?? (same(ref, saved.ref) ? saved.tab : undefined) };
  });
  // A tab that was asked for together with another span; the host's event brings only the span.
  const wish = useRef<{ readonly ref: SpanRef; readonly tab: SpanTab | undefined }>(undefined);

  const placedRef = useRef<SpanRef>(undefined);
  const runningRef = useRef(false);
  useEffect(
    () =>
      connection.on(event => {
        if (event.name === 'fileChanged') {
          if (event.why !== 'read' && !runningRef.current) return;
          // One that is still awaited keeps the tab that was asked for with it.
          setRequest(now =>
            now?.ref.file !== event.file
              ? now
              : { ref: now.ref, tab: same(placedRef.current, now.ref) ? undefined : now.tab },
          );
          return;
        }
        if (event.name !== 'show') return;
        const wished = same(wish.current?.ref, event.target) ? wish.current?.tab : undefined;
        wish.current = undefined;
        setRequest({ ref: event.target, tab: event.tab ?? wished });
      }),
    [connection],
  );

  const { loaded, failure, late, retry } = useSpan(request);
  const [tab, setTab] = useState<SpanTab>();
  const [folded, setFolded] = useState<readonly string[]>(saved.folded ?? []);
  const [forms, setForms] = useState<Forms>(() => ({ ...formsAtFirst, ...saved.forms }));
  const [placed, setPlaced] = useState<typeof loaded>();

  // Set while rendering, so that a span is never drawn with the tab of the one before.
  if (loaded && loaded !== placed) {
    const stays = same(placed?.request.ref, loaded.request.ref);
    const restored = !placed && same(saved.ref, loaded.request.ref);
    setPlaced(loaded);
    setTab(chooseTab(loaded.detail, loaded.request.tab ?? (stays ? tab : undefined), tab));
    if (!stays && !restored) setFolded([]);
  }

  useEffect(() => {
    placedRef.current = placed?.request.ref;
    runningRef.current = placed?.detail.run.status === 'running';
    if (placed) connection.save({ ref: placed.request.ref, tab, folded, forms });
  }, [connection, placed, tab, folded, forms]);

  const shown = useMemo<Shown | undefined>(
    () =>
      placed && {
        ref: placed.request.ref,
        show(ref, wished) {
          wish.current = { ref, tab: wished };
          ask(connection.api.show(ref));
        },
        showTab: setTab,
        isToggled: key => folded.includes(key),
        toggle: key =>
          setFolded(keys =>
            keys.includes(key) ? keys.filter(one => one !== key) : [...keys, key],
          ),
        setForms,
      },
    [placed, folded, connection, ask],
  );

  // What was read of the same span stays in sight when it cannot be read again.
  const isOlder = failure !== undefined && same(placed?.request.ref, request?.ref);
  if (failure && !isOlder) return <Failure error={failure} retry={retry} />;
  if (!request) return <Empty text={words.selectSpan} />;
  if (!placed || !shown || !tab) return late ? <Empty text={words.loading} /> : null;
  return (
    <ShownContext value={shown}>
      <FormsContext value={forms}>
        <SpanView
          detail={placed.detail}
          tab={tab}
          late={late}
          notice={failure && <OlderShown error={failure} retry={retry} />}
        />
      </FormsContext>
    </ShownContext>
  );
}
