// Owns what each setting is, in groups that belong together: where it is read from, what it means, its default, its type.
import { z } from 'zod';
import type { Machine } from './machine.ts';
import {
  baseUrl,
  hostName,
  integerBetween,
  listOf,
  localPath,
  numberBetween,
  originName,
  proxyUrl,
  tokenText,
  zoneName,
} from './values.ts';
import { LANGS } from '../text/lang.ts';

/** What is said of a setting, and where it is read. */
export interface SettingInfo {
  /** The variable; a setting has this, a flag, or both. */
  readonly env?: string;
  /** Its small letters count too, as with every program that goes by it. */
  readonly isEnvInAnyCase?: true;
  /** As the command line takes it, with its placeholder. Flags win over the environment. */
  readonly flag?: string;
  /** One line of Markdown. */
  readonly meaning: string;
  /** The default in words. */
  readonly defaultText: string;
  /** The default as one would write it; read like any other value. */
  readonly fallback?: string;
  /** The same with `--demo`, where that must not mix with what is real. */
  readonly demoFallback?: string;
  /** Its value is shown nowhere. */
  readonly secret?: true;
}

/** Takes what is said of each setting. */
type About = z.core.$ZodRegistry<SettingInfo>;

/** Whose log is read, and where. */
export function apiSettings(about: About, { homeDir, workDir }: Machine) {
  return {
    token: tokenText.optional().register(about, {
      env: 'PACHCA_TOKEN',
      meaning: 'the token of the workspace owner. Never a flag: arguments are visible to every user of the machine',
      defaultText: 'none',
      secret: true,
    }),
    tokenFile: localPath(homeDir, workDir).optional().register(about, {
      env: 'PACHCA_TOKEN_FILE',
      meaning: 'a file that holds the token instead; refused when others can read it',
      defaultText: 'none',
    }),
    apiUrl: baseUrl.register(about, {
      env: 'PACHCA_API_URL',
      meaning: 'base URL of the API; plain http only to loopback',
      defaultText: "the vendor's",
      fallback: 'https://api.pachca.com/api/shared/v1',
    }),
    proxy: proxyUrl.optional().register(about, {
      env: 'HTTPS_PROXY',
      isEnvInAnyCase: true,
      meaning: 'the proxy through which the API is reached, such as `http://proxy.example:3128`',
      defaultText: 'none',
    }),
    noProxy: z.string().optional().register(about, {
      env: 'NO_PROXY',
      isEnvInAnyCase: true,
      meaning: 'hosts that are reached without it, separated by commas',
      defaultText: 'none',
    }),
    extraCaCerts: localPath(homeDir, workDir).optional().register(about, {
      env: 'NODE_EXTRA_CA_CERTS',
      meaning: 'a file of certificates (PEM) to trust too, where a proxy of the company opens TLS; read by Node itself',
      defaultText: 'none',
    }),
  };
}

/** What is kept on this machine. */
export function folderSettings(about: About, { homeDir, workDir }: Machine) {
  return {
    exportDir: localPath(homeDir, workDir).register(about, {
      env: 'PACHCA_AUDIT_EXPORT_DIR',
      flag: '--export-dir <folder>',
      meaning: 'the only folder that exports are written to; files are readable by you alone (0600)',
      defaultText: '`~/pachca-audit/exports` (`--demo`: `~/pachca-audit/demo-exports`)',
      fallback: '~/pachca-audit/exports',
      demoFallback: '~/pachca-audit/demo-exports',
    }),
    storeDir: localPath(homeDir, workDir).optional().register(about, {
      env: 'PACHCA_AUDIT_STORE_DIR',
      flag: '--store-dir <folder>',
      meaning:
        'where closed days of the log are kept, so that they are read once; folder and files are readable by you alone. `--no-store` keeps nothing on disk',
      defaultText: "`store` in the platform's data folder",
    }),
    storeDays: integerBetween(1, 36_500).register(about, {
      env: 'PACHCA_AUDIT_STORE_DAYS',
      meaning: 'how many days back the store keeps; older ones are deleted',
      defaultText: '90',
      fallback: '90',
    }),
    storeLateHours: integerBetween(0, 720).register(about, {
      env: 'PACHCA_AUDIT_STORE_LATE_HOURS',
      meaning: 'how long a day must be over before it is kept: until then, events that come late are still found',
      defaultText: '24',
      fallback: '24',
    }),
  };
}

/** What the API and a call may be asked to bear. */
export function budgetSettings(about: About) {
  return {
    rate: numberBetween(0.1, 10_000).register(about, {
      env: 'PACHCA_AUDIT_RATE',
      flag: '--rate <number>',
      meaning: 'most requests a second, shared by everything in the process; the API allows 50',
      defaultText: '48',
      fallback: '48',
    }),
    maxRequests: integerBetween(1, 1_000_000).register(about, {
      env: 'PACHCA_AUDIT_MAX_REQUESTS',
      flag: '--max-requests <number>',
      meaning:
        "most requests that one tool call may spend (exports excepted): each writes a line into the company's own log",
      defaultText: '1000',
      fallback: '1000',
    }),
    deadlineMs: integerBetween(1, 3_600_000).register(about, {
      env: 'PACHCA_AUDIT_DEADLINE_MS',
      flag: '--deadline-ms <milliseconds>',
      meaning: 'wall-clock budget of one tool call',
      defaultText: '45000',
      fallback: '45000',
    }),
  };
}

/** How times and words are written. */
export function wordingSettings(about: About, locale: string) {
  return {
    timeZone: zoneName.optional().register(about, {
      env: 'PACHCA_AUDIT_TIME_ZONE',
      flag: '--time-zone <zone>',
      meaning: 'IANA zone for bare dates, hours of the day and reports',
      defaultText: "the system's",
    }),
    lang: z.enum(LANGS, 'not en or ru').register(about, {
      env: 'PACHCA_AUDIT_LANG',
      flag: '--lang <language>',
      meaning:
        '`en` or `ru`: reports on the terminal and the wording of findings. Keys, codes and field names stay English',
      defaultText: 'the locale, else `en`',
      fallback: locale.toLowerCase().startsWith('ru') ? 'ru' : 'en',
    }),
  };
}

const toolNames = listOf(/./, 'not names of tools, separated by commas');

/** Which tools are served, and whom one of them may write to. */
export function toolSettings(about: About) {
  return {
    alertTo: listOf(/^[1-9]\d{0,14}$/, 'not ids of users, separated by commas')
      .optional()
      .register(about, {
        env: 'PACHCA_AUDIT_ALERT_TO',
        meaning:
          'ids of the users who may receive alerts, separated by commas; setting it registers `send_security_alert`',
        defaultText: 'none',
      }),
    tools: toolNames.optional().register(about, {
      flag: '--tools <names>',
      meaning: 'only these tools are served, separated by commas; an unknown name stops the start',
      defaultText: 'all',
    }),
    excludeTools: toolNames.optional().register(about, {
      flag: '--exclude-tools <names>',
      meaning: 'these tools are not served',
      defaultText: 'none',
    }),
  };
}

/** Who may call `serve --http`. */
export function httpSettings(about: About, { homeDir, workDir }: Machine) {
  return {
    httpToken: z.string().optional().register(about, {
      env: 'PACHCA_AUDIT_HTTP_TOKEN',
      meaning:
        'what clients of `serve --http` must show as `Authorization: Bearer …`: a token of 16 characters or more; never the token of Pachca',
      defaultText: 'none',
      secret: true,
    }),
    httpTokenFile: localPath(homeDir, workDir).optional().register(about, {
      env: 'PACHCA_AUDIT_HTTP_TOKEN_FILE',
      meaning:
        'a file that holds such tokens instead, one a line, each with a name before it for the journal; a change counts within a second. Refused when others can read it',
      defaultText: 'none',
    }),
    allowedHosts: listOf(hostName, 'not names of hosts such as audit.example:8443, separated by commas')
      .optional()
      .register(about, {
        flag: '--allowed-hosts <names>',
        meaning:
          'names under which `serve --http` may be called, besides those of loopback; with a port, only that one',
        defaultText: 'loopback names',
      }),
    allowedOrigins: listOf(originName, 'not origins such as https://tool.example, separated by commas')
      .optional()
      .register(about, {
        flag: '--allowed-origins <origins>',
        meaning: 'web pages that may call `serve --http`, besides those of loopback',
        defaultText: 'loopback names',
      }),
  };
}
