import { type Cut, countLines } from '../../src/core/content.ts';
import { oneLine } from '../../src/core/describe.ts';
import { CutText } from '../ui/CutText.tsx';
import { codeFields } from './codeFields.ts';

/** The code in a tool's input, line by line and in colours; its JSON stands above. */
export function CodeFields({ tool, input }: { readonly tool: string; readonly input: Cut }) {
  return codeFields(tool, input).map(({ name, text, language }) => (
    <div key={name} className="code-field">
      <div className="label small second">{oneLine(name, 60)}</div>
      <CutText
        cut={{ text, chars: text.length, lines: countLines(text) }}
        look="code"
        language={language}
      />
    </div>
  ));
}
