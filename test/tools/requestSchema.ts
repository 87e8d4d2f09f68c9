// Writes the schema of the requests that can be edited, for VS Code's JSON editor.
import fs from 'node:fs';
import { requestSchema } from '../../src/core/replay/requestSchema.ts';

fs.writeFileSync('dist/request.schema.json', JSON.stringify(requestSchema()));
