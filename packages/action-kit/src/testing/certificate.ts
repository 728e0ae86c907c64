import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** Path of the certificate, for use as a bundle of authorities. */
  readonly file: string;
  dispose(): void;
}

/** Creates a self-signed certificate for host names and IPv4 addresses with openssl. */
export const createCertificate = (names: readonly string[]): Certificate => {
  const directory = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [keyFile, file] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const subject = names.map((name) => (/^[\d.]+$/u.test(name) ? `IP:${name}` : `DNS:${name}`)).join(',');
  execFileSync(
    'openssl',
    ['req', '-x509', '-nodes', '-days', '2', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'].concat([
      '-keyout',
      keyFile,
      '-out',
      file,
      '-subj',
      '/CN=test authority',
      '-addext',
      `subjectAltName=${subject}`,
    ]),
    { stdio: 'pipe' },
  );
  const dispose = (): void => rmSync(directory, { recursive: true, force: true });
  return { cert: readFileSync(file, 'utf8'), key: readFileSync(keyFile, 'utf8'), file, dispose };
};
