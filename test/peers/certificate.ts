import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../tools/temporary.ts';

/** A certificate that nobody vouches for; undefined on a machine without OpenSSL's program. */
export function ownCertificate(): { readonly key: string; readonly cert: string } | undefined {
  const folder = temporaryFolder('certificate');
  const [key, cert] = [path.join(folder.path, 'key.pem'), path.join(folder.path, 'cert.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const more = ['-days', '2', '-subj', '/CN=localhost'];
  try {
    const args = ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...more];
    execFileSync('openssl', args, { stdio: 'ignore' });
    return { key: fs.readFileSync(key, 'utf8'), cert: fs.readFileSync(cert, 'utf8') };
  } catch {
    return undefined;
  } finally {
    folder.remove();
  }
}
