// Owns the networks of the world around the company: where people are, and where attackers come from. /16 prefixes.

export const OFFICES = [
  { city: 'Москва', offsetHours: 3, weight: 60, egress: ['95.165.20.7', '95.165.20.8'], guest: '95.165' },
  { city: 'Санкт-Петербург', offsetHours: 3, weight: 22, egress: ['178.71.8.14'], guest: '178.71' },
  { city: 'Екатеринбург', offsetHours: 5, weight: 18, egress: ['212.220.4.66'], guest: '212.220' },
] as const;

/** Where the main office is on and after the move day. */
export const NEW_OFFICE_EGRESS = ['84.253.40.11', '84.253.40.12'] as const;

export const HOME_PROVIDERS = [
  { name: 'Ростелеком', prefixes: ['90.150', '92.124', '188.16', '176.208'], v6: '2a01:540' },
  { name: 'Билайн', prefixes: ['95.24', '128.68', '176.14'], v6: '2a02:2168' },
  { name: 'МТС Дом', prefixes: ['91.76', '109.252', '81.195'], v6: '2a00:1370' },
  { name: 'Дом.ру', prefixes: ['5.165', '46.147', '94.181'], v6: undefined },
  { name: 'ТТК', prefixes: ['62.33', '188.168'], v6: undefined },
  { name: 'Акадо', prefixes: ['85.30', '95.220'], v6: undefined },
  { name: 'Новотелеком', prefixes: ['37.193', '178.49'], v6: '2a0a:2b41' },
] as const;

export const CARRIERS = [
  { name: 'МТС', prefixes: ['83.220', '85.140', '217.66', '95.153'] },
  { name: 'Мегафон', prefixes: ['178.176', '188.170', '83.149', '31.173'] },
  { name: 'Билайн', prefixes: ['176.59', '213.87', '85.115', '89.113'] },
  { name: 'T2', prefixes: ['176.15', '188.162', '94.25'] },
] as const;

/** Hotels, airports and trains. */
export const TRIP_PREFIXES = [
  '46.48',
  '77.72',
  '79.126',
  '80.83',
  '82.162',
  '86.102',
  '87.226',
  '88.147',
  '91.144',
  '93.178',
  '109.194',
  '109.68',
  '176.109',
  '178.185',
  '185.97',
  '188.233',
  '194.8',
  '195.91',
  '213.141',
  '217.116',
  '78.189',
  '94.200',
  '185.215',
  '212.154',
  '37.252',
  '91.185',
] as const;

/** Cafés and co-working rooms around the offices. */
export const CAFE_PREFIXES = [
  '5.228',
  '37.204',
  '46.39',
  '62.117',
  '77.37',
  '79.139',
  '81.25',
  '84.17',
  '85.21',
  '87.117',
  '91.77',
  '93.157',
  '94.29',
  '95.84',
  '109.173',
  '176.193',
  '178.140',
  '185.16',
] as const;

/** First numbers of the networks of customers, where salespeople are guests. */
export const CUSTOMER_BLOCKS = [46, 62, 77, 79, 81, 85, 87, 89, 93, 94, 109, 176, 178, 188, 195, 212, 213] as const;

/** Exit of the company's VPN, and of the services that some people use on their own. */
export const COMPANY_VPN = ['51.250.18.40', '51.250.18.41'] as const;
export const PRIVATE_VPN_PREFIXES = ['146.70', '185.107', '37.120', '89.187', '193.138', '169.150'] as const;

export const DATA_CENTRE = '84.201';

/** Rented servers, Tor exits, bulletproof hosting. */
export const HOSTING_PREFIXES = [
  '185.220',
  '45.155',
  '193.32',
  '5.188',
  '167.99',
  '104.248',
  '141.98',
  '194.26',
  '195.54',
  '23.129',
  '107.189',
  '199.249',
  '162.247',
  '209.141',
  '91.219',
  '45.95',
  '80.94',
  '88.80',
  '176.97',
  '179.43',
] as const;

/** Home and mobile networks abroad and at home that nobody of the company uses: rented out by proxy services. */
export const STRANGER_PREFIXES = [
  '14.161',
  '41.203',
  '102.89',
  '103.121',
  '177.54',
  '181.214',
  '186.33',
  '190.2',
  '196.196',
  '203.113',
  '36.68',
  '116.206',
  '125.235',
  '154.160',
] as const;
export const SAME_COUNTRY_PREFIXES = [
  '31.40',
  '37.112',
  '46.0',
  '77.34',
  '79.104',
  '89.178',
  '92.36',
  '93.80',
  '95.78',
  '109.184',
  '136.169',
  '145.255',
  '178.34',
  '188.19',
  '217.107',
] as const;
