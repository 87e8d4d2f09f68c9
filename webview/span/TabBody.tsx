import { useMemo } from 'react';
import type { SpanTab } from '../../src/protocol/panel.ts';
import type { SpanDetail } from '../../src/protocol/reader.ts';
import { useShown, useWords } from '../app/page.tsx';
import { Cause } from '../cause/Cause.tsx';
import { CauseOfRun } from '../cause/CauseOfRun.tsx';
import { OriginContext } from '../ui/CutText.tsx';
import { Documents } from './Documents.tsx';
import { Events } from './Events.tsx';
import { type Call, callsOf, FailureOfCallContext, failureOfCall } from './failedCalls.ts';
import { Metadata } from './Metadata.tsx';
import { NotRecorded } from './NotRecorded.tsx';
import { Prompt } from './Prompt.tsx';
import { Raw } from './Raw.tsx';
import { Response } from './Response.tsx';
import { Tool } from './Tool.tsx';
import { emptySentence, failedBelow, hasContent, isAwaited } from './tabs.ts';

export function TabBody({ detail, tab }: { readonly detail: SpanDetail; readonly tab: SpanTab }) {
  const words = useWords();
  const { ref } = useShown();
  const failureOf = useMemo(() => {
    const calls = callsOf(detail);
    return (call: Call) => failureOfCall(call, calls, detail.causes);
  }, [detail]);
  if (!hasContent(tab, detail)) {
    const { kind } = detail.span;
    const hint = isAwaited(tab, detail)
      ? undefined
      : (tab === 'prompt' || (tab === 'response' && detail.span.status !== 'error')) &&
          kind === 'llm'
        ? tab
        : tab === 'tool' && kind === 'tool'
          ? tab
          : undefined;
    return (
      <NotRecorded
        sentence={emptySentence(tab, detail, words)}
        hint={hint}
        setting={detail.contentSetting}
      />
    );
  }
  const below = failedBelow(detail);
  switch (tab) {
    case 'cause':
      return below ? <CauseOfRun failing={below} /> : <Cause detail={detail} />;
    case 'prompt':
      return detail.prompt ? (
        <OriginContext value={{ ref, part: 'prompt' }}>
          <Prompt detail={detail} conversation={detail.prompt} />
        </OriginContext>
      ) : null;
    case 'response':
      return detail.response ? (
        <FailureOfCallContext value={failureOf}>
          <OriginContext value={{ ref, part: 'response' }}>
            <Response conversation={detail.response} stopReason={detail.stopReason} />
          </OriginContext>
        </FailureOfCallContext>
      ) : null;
    case 'tool':
      return <Tool detail={detail} />;
    case 'documents':
      return detail.documents ? <Documents documents={detail.documents} /> : null;
    case 'metadata':
      return <Metadata detail={detail} />;
    case 'events':
      return <Events detail={detail} />;
    case 'raw':
      return <Raw detail={detail} />;
  }
}
