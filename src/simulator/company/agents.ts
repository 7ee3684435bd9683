// Owns what clients call themselves, and how their versions move on while the company works.

export const PRODUCTS = [
  'desktop_windows',
  'desktop_mac',
  'chrome_windows',
  'chrome_mac',
  'chrome_linux',
  'yandex_windows',
  'edge_windows',
  'firefox_windows',
  'firefox_linux',
  'safari_mac',
  'ios',
  'android',
] as const;
export type Product = (typeof PRODUCTS)[number];

const WINDOWS = 'Windows NT 10.0; Win64; x64';
const MAC = 'Macintosh; Intel Mac OS X 10_15_7';
const LINUX = 'X11; Linux x86_64';
const chromium = (system: string, tail: string): string =>
  `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) ${tail} Safari/537.36`;
const desktop = (system: string, release: number): string =>
  chromium(system, `Pachca/5.${12 + release}.0 Chrome/138.0.7204.100 Electron/37.${2 + release}.1`);
const firefox = (system: string, release: number): string =>
  `Mozilla/5.0 (${system}; rv:${139 + release}.0) Gecko/20100101 Firefox/${139 + release}.0`;

interface ProductFacts {
  /** Days between releases. */
  cadence: number;
  agent: (release: number, model: string) => string;
}

export const PRODUCT_FACTS = {
  desktop_windows: { cadence: 21, agent: (release) => desktop(WINDOWS, release) },
  desktop_mac: { cadence: 21, agent: (release) => desktop(MAC, release) },
  chrome_windows: { cadence: 28, agent: (release) => chromium(WINDOWS, `Chrome/${138 + release}.0.0.0`) },
  chrome_mac: { cadence: 28, agent: (release) => chromium(MAC, `Chrome/${138 + release}.0.0.0`) },
  chrome_linux: { cadence: 28, agent: (release) => chromium(LINUX, `Chrome/${138 + release}.0.0.0`) },
  yandex_windows: {
    cadence: 30,
    agent: (release) => chromium(WINDOWS, `Chrome/136.0.0.0 YaBrowser/25.${6 + release}.0.0`),
  },
  edge_windows: {
    cadence: 28,
    agent: (release) => `${chromium(WINDOWS, `Chrome/${138 + release}.0.0.0`)} Edg/${138 + release}.0.0.0`,
  },
  firefox_windows: { cadence: 28, agent: (release) => firefox(WINDOWS, release) },
  firefox_linux: { cadence: 28, agent: (release) => firefox(LINUX, release) },
  safari_mac: {
    cadence: 45,
    agent: (release) =>
      `Mozilla/5.0 (${MAC}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.${5 + release} Safari/605.1.15`,
  },
  ios: {
    cadence: 14,
    agent: (release, model) =>
      `Pachca/3.${58 + release}.0 (co.staply.pachca; build:${13 + release}; iOS ${model}) Alamofire/5.0.0`,
  },
  android: {
    cadence: 14,
    agent: (release, model) => `Pachca/3.${58 + release}.0 (Android ${model}) okhttp/4.12.0`,
  },
} as const satisfies Record<Product, ProductFacts>;

export const IOS_VERSIONS = ['18.5.0', '18.4.1', '17.7.2', '18.3.2'] as const;
export const ANDROID_MODELS = [
  '15; SM-A556E',
  '14; SM-A546E',
  '15; Pixel 8',
  '13; Redmi Note 12',
  '14; 2312DRA50G',
] as const;

/** Programs that are not anybody's chat client. */
export const SCRIPT_AGENTS = [
  'python-requests/2.31.0',
  'curl/8.5.0',
  'Go-http-client/1.1',
  'Python/3.12 aiohttp/3.9.5',
  'axios/1.6.8',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36',
] as const;

/** Browsers as attackers' machines have them: common, and not always new. */
export const STRANGER_AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 OPR/116.0.0.0',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0',
] as const;

export interface Device {
  product: Product;
  /** System version, or model of the phone. */
  model: string;
  /** Days after a release until this device has it. */
  lagDays: number;
}

export interface Releases {
  /** Everyone's desktop program is updated on this day, whatever their habit. */
  forcedDesktopDay: number | undefined;
}

/** What `device` calls itself on `day`, a day of the data set. */
export function agentOn(device: Device, day: number, { forcedDesktopDay }: Releases): string {
  const { cadence, agent } = PRODUCT_FACTS[device.product];
  const ordinary = Math.floor(Math.max(0, day - device.lagDays) / cadence);
  if (forcedDesktopDay === undefined || !device.product.startsWith('desktop')) return agent(ordinary, device.model);
  const pushed = Math.floor(forcedDesktopDay / cadence) + 1;
  return agent(day < forcedDesktopDay ? Math.min(ordinary, pushed - 1) : Math.max(ordinary, pushed), device.model);
}
