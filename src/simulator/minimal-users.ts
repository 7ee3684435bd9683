// Owns the two people of a simulator that was given events only.
import type { SimUser } from './model.ts';

export function minimalUsers(nowMs: number): SimUser[] {
  const createdAt = new Date(nowMs - 400 * 86_400_000).toISOString();
  const base = {
    phone_number: '',
    department: 'Безопасность',
    suspended: false,
    invite_status: 'confirmed' as const,
    list_tags: [],
    bot: false,
    sso: false,
    created_at: createdAt,
    last_activity_at: createdAt,
    time_zone: 'Europe/Moscow',
  };
  return [
    {
      ...base,
      id: 1000,
      first_name: 'Ольга',
      last_name: 'Владимирова',
      nickname: 'owner',
      email: 'owner@example.com',
      title: 'Владелец пространства',
      role: 'owner',
    },
    {
      ...base,
      id: 1001,
      first_name: 'Антон',
      last_name: 'Админов',
      nickname: 'admin',
      email: 'admin@example.com',
      title: 'Администратор',
      role: 'admin',
    },
  ];
}
