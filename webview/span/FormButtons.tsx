import { useContext } from 'react';
import type { SpanTab } from '../../src/protocol/panel.ts';
import { FormsContext } from '../app/forms.ts';
import { useShown, useWords } from '../app/page.tsx';
import { IconButton } from '../ui/buttons.tsx';

const withMarkdown: readonly SpanTab[] = ['prompt', 'response', 'documents'];
const withJson: readonly SpanTab[] = [...withMarkdown, 'tool', 'metadata'];

/** How the texts of a tab are shown: each button switches one of the forms for the whole panel. */
export function FormButtons({ tab }: { readonly tab: SpanTab }) {
  const words = useWords();
  const forms = useContext(FormsContext);
  const { setForms } = useShown();
  return (
    <div className="form-buttons">
      {withMarkdown.includes(tab) && (
        <IconButton
          icon="source"
          title={words.showAsWritten}
          pressed={!forms.markdown}
          onClick={() => setForms({ ...forms, markdown: !forms.markdown })}
        />
      )}
      {withJson.includes(tab) && (
        <IconButton
          icon="json"
          title={words.showJsonText}
          pressed={!forms.jsonTree}
          onClick={() => setForms({ ...forms, jsonTree: !forms.jsonTree })}
        />
      )}
    </div>
  );
}
