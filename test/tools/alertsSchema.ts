// `npm run alerts-schema`: writes the published JSON schema of the alerts file from what the parser reads by.
import fs from 'node:fs';
import { alertsSchema } from '../../src/core/alerts/schema.ts';
import { inRepo } from './repo.ts';

fs.writeFileSync(
  inRepo('media/alerts.schema.json'),
  `${JSON.stringify(alertsSchema(), undefined, 2)}\n`,
);
