import { describe, expect, it } from '@jest/globals';
import { isLoopback, listProxySecrets, readProxySettings, selectProxy } from '../../src/http/proxy.js';

const hrefs = (settings: ReturnType<typeof readProxySettings>) => [settings.https()?.href, settings.http()?.href];

describe('readProxySettings', () => {
  it.each([
    ['nothing', {}, {}, [undefined, undefined]],
    ['HTTPS_PROXY', {}, { HTTPS_PROXY: 'http://a:1' }, ['http://a:1/', undefined]],
    ['both variables', {}, { HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:2' }, ['http://a:1/', 'http://b:2/']],
    ['HTTP_PROXY alone, for both', {}, { HTTP_PROXY: 'http://b:2' }, ['http://b:2/', 'http://b:2/']],
    ['ALL_PROXY', {}, { ALL_PROXY: 'http://c:3' }, ['http://c:3/', 'http://c:3/']],
    [
      'lower case before upper case',
      {},
      { https_proxy: 'http://a:1', HTTPS_PROXY: 'http://b:2' },
      ['http://a:1/', undefined],
    ],
    [
      'the input before variables',
      { httpProxy: 'http://i:9' },
      { HTTPS_PROXY: 'http://a:1' },
      ['http://i:9/', 'http://i:9/'],
    ],
    [
      'an address without a scheme',
      { httpProxy: 'proxy.example:3128' },
      {},
      ['http://proxy.example:3128/', 'http://proxy.example:3128/'],
    ],
    ['blank values as absent', { httpProxy: ' ' }, { HTTPS_PROXY: '' }, [undefined, undefined]],
  ])('reads %s', (_, inputs, env, expected) => {
    expect(hrefs(readProxySettings(inputs, env))).toEqual(expected);
  });

  it.each([
    [{ httpProxy: 'http://user:100%@x:1' }, {}, "input 'http-proxy'"],
    [{ httpProxy: 'ftp://user:hunter2@x:1' }, {}, "input 'http-proxy'"],
    [{}, { HTTPS_PROXY: 'http://user:hunter2@' }, 'variable HTTPS_PROXY'],
  ])('rejects anything but an HTTP proxy without showing the value', (inputs, env, name) => {
    const read = () => readProxySettings(inputs, env).https();
    expect(read).toThrow(`${name} is not the URL of an HTTP proxy: write http://host:port`);
    expect(read).not.toThrow(/hunter2/u);
  });

  it.each([
    [{ httpProxy: 'socks5://user:hunter2@x:1' }, {}, "input 'http-proxy'"],
    [{}, { ALL_PROXY: 'socks5h://user:hunter2@x:1' }, 'variable ALL_PROXY'],
  ])('rejects a SOCKS proxy with the remedy', (inputs, env, name) => {
    const read = () => readProxySettings(inputs, env).https();
    expect(read).toThrow(`${name}: SOCKS proxies are not supported: set HTTPS_PROXY to an HTTP proxy`);
    expect(read).not.toThrow(/hunter2/u);
  });

  it.each([
    [{ ALL_PROXY: 'socks5://s:1', HTTPS_PROXY: 'http://a:1' }, 'http://a:1/'],
    [{ ALL_PROXY: 'socks5://s:1', HTTP_PROXY: 'http://b:2' }, 'http://b:2/'],
    [{ HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'ftp://b' }, 'http://a:1/'],
  ])('does not parse a variable that is not used: %j', (env, expected) => {
    const settings = readProxySettings({}, env);
    expect(selectProxy(new URL('https://sts.amazonaws.com'), settings)?.href).toBe(expected);
    expect(listProxySecrets(settings)).toEqual([]);
  });

  it('connects directly with NO_PROXY=* whatever the other variables are', () => {
    const settings = readProxySettings({}, { ALL_PROXY: 'socks5://s:1', HTTPS_PROXY: 'nonsense://', NO_PROXY: '*' });
    expect(selectProxy(new URL('https://sts.amazonaws.com'), settings)).toBeUndefined();
  });

  it('lists URLs with a password as secrets', () => {
    const settings = readProxySettings({ httpProxy: 'http://user:p%40ss@proxy.example:3128' }, {});
    expect(listProxySecrets(settings)).toEqual([
      'http://user:p%40ss@proxy.example:3128/',
      'http://user:p%40ss@proxy.example:3128',
      'p%40ss',
      'p@ss',
    ]);
    expect(listProxySecrets(readProxySettings({ httpProxy: 'http://proxy.example:3128' }, {}))).toEqual([]);
  });
});

describe('selectProxy', () => {
  const through = (address: string, noProxy: string) =>
    selectProxy(new URL(address), readProxySettings({ httpProxy: 'http://proxy:1', noProxy }, {}))?.href;

  it.each([
    ['https://sts.amazonaws.com', ''],
    ['https://sts.amazonaws.com', 'amazonaws.com.cn other.com'],
    ['https://notamazonaws.com', 'amazonaws.com'],
    ['https://sts.amazonaws.com', 'sts.amazonaws.com:8443'],
    ['https://10.1.0.1', '10.0.0.0/16'],
    ['https://host.example', '10.0.0.0/8'],
    ['https://10.0.0.1', '10.0.0.0/99, 10.0.0.0/x, x/8'],
    ['https://[2001:db8::1]', '2001:db9::/32'],
  ])('selects the proxy for %s with NO_PROXY %j', (address, noProxy) => {
    expect(through(address, noProxy)).toBe('http://proxy:1/');
  });

  it.each([
    ['https://sts.amazonaws.com', 'amazonaws.com'],
    ['https://STS.amazonaws.com', '.AmazonAWS.com'],
    ['https://sts.amazonaws.com', 'a.example, *.amazonaws.com'],
    ['https://sts.amazonaws.com', 'sts.amazonaws.com:443'],
    ['https://sts.amazonaws.com', '*'],
    ['https://10.0.3.1', '10.0.0.0/16'],
    ['https://[2001:db8::1]', '2001:db8::/32'],
    ['https://[2001:db8::1]:8443', '[2001:db8::1]:8443'],
    ['http://127.0.0.1:4566', ''],
    ['http://localhost:4566', ''],
    ['http://[::1]:4566', ''],
  ])('connects directly to %s with NO_PROXY %j', (address, noProxy) => {
    expect(through(address, noProxy)).toBeUndefined();
  });

  it('prefers the input over NO_PROXY', () => {
    const env = { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.example' };
    const direct = (settings: ReturnType<typeof readProxySettings>, host: string) =>
      selectProxy(new URL(`https://${host}`), settings) === undefined;
    expect(direct(readProxySettings({}, env), 'a.example')).toBe(true);
    expect(direct(readProxySettings({ noProxy: 'b.example' }, env), 'a.example')).toBe(false);
  });

  it('recognises loopback by name and address', () => {
    const here = ['localhost', 'shop.localhost', '127.8.9.1', '[::1]', 'LOCALHOST'];
    expect(here.filter(isLoopback)).toEqual(here);
    expect(['127.0.0.1.example', 'localhost.example', '10.0.0.1', '::2'].map(isLoopback)).toEqual(Array(4).fill(false));
  });
});
