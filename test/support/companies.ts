// Owns three made-up companies of one day, for tests of the simulator: the demo, one full of incidents, one small and quiet.
import { buildCompany } from '../../src/simulator/dataset.ts';

export const NOW = Date.parse('2026-10-20T12:34:56Z');
export const demo = buildCompany({ seed: 1, now: NOW });
export const full = buildCompany({ seed: 2, now: NOW, people: 150, incidents: 'all', perKind: 2 });
export const small = buildCompany({ seed: 3, now: NOW, people: 40, incidents: 'none', travel: 'high' });
