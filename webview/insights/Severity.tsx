import type { Severity } from '../../src/core/insights/insight.ts';
import { severityWord } from '../../src/core/insightViewWords.ts';
import { useWords } from '../app/page.tsx';
import { Icon, StatusIcon } from '../ui/Icon.tsx';

/** How serious an insight is: each severity has a shape of its own, and its word for those who hear it. */
export function SeverityIcon({ severity }: { readonly severity: Severity }) {
  const words = useWords();
  return (
    <span className={`severity severity-${severity}`} title={words[severityWord[severity]]}>
      {severity === 'error' ? (
        <StatusIcon status="failed" />
      ) : (
        <Icon name={severity === 'warning' ? 'warning' : 'info'} />
      )}
      <span className="unseen">{words[severityWord[severity]]}</span>
    </span>
  );
}
