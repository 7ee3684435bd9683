// Owns the names that people, departments, chats and bots of the company are given.

export const MALE_NAMES: readonly string[] = (
  'Александр Алексей Андрей Антон Артём Борис Вадим Виктор Владимир Вячеслав Георгий Глеб Григорий ' +
  'Даниил Денис Дмитрий Евгений Егор Иван Игорь Илья Кирилл Константин Лев Максим Марат Михаил Никита ' +
  'Николай Олег Павел Пётр Роман Рустам Сергей Станислав Степан Тимур Фёдор Юрий Яков'
).split(' ');

export const FEMALE_NAMES: readonly string[] = (
  'Алина Алла Анастасия Анна Валентина Валерия Варвара Вера Виктория Галина Дарья Диана Евгения ' +
  'Екатерина Елена Елизавета Жанна Зоя Инна Ирина Карина Кира Ксения Лариса Лилия Любовь Людмила ' +
  'Маргарита Марина Мария Надежда Наталья Нина Оксана Ольга Полина Светлана София Татьяна Ульяна Юлия'
).split(' ');

/** In the male form; see `femaleSurname`. */
export const SURNAMES: readonly string[] = (
  'Абрамов Алексеев Андреев Антонов Афанасьев Баранов Белов Беляев Богданов Борисов Васильев Виноградов ' +
  'Волков Воробьёв Гаврилов Герасимов Голубев Григорьев Гусев Давыдов Данилов Дмитриев Егоров Ершов ' +
  'Жуков Журавлёв Зайцев Захаров Иванов Ильин Исаев Казаков Калинин Карпов Ким Киселёв Ковалёв Козлов ' +
  'Комаров Коновалов Королёв Крылов Кузнецов Кузьмин Лазарев Лебедев Макаров Максимов Маркин Матвеев ' +
  'Медведев Мельник Миронов Михайлов Морозов Назаров Никитин Николаев Новиков Орлов Осипов Островский ' +
  'Павлов Петров Поляков Попов Потапов Романов Рыбаков Савельев Семёнов Сергеев Сидоров Смирнов Соболев ' +
  'Соколов Соловьёв Сорокин Степанов Суханов Тарасов Титов Тихонов Филиппов Фомин Хабибуллин Цветков ' +
  'Черкасский Чернов Шестаков Щербаков Юдин Яковлев'
).split(' ');

export function femaleSurname(surname: string): string {
  if (surname.endsWith('ский')) return `${surname.slice(0, -2)}ая`;
  return /(ов|ев|ёв|ин)$/.test(surname) ? `${surname}а` : surname;
}

const CYRILLIC = 'абвгдеёжзийклмнопрстуфхцчшщъыьэюя';
const LATIN = 'a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch  y  e yu ya'.split(' ');

/** As in e-mail addresses and nicknames. */
export function latin(text: string): string {
  return Array.from(text.toLowerCase(), (letter) => LATIN[CYRILLIC.indexOf(letter)] ?? letter).join('');
}

/** Department, its titles, and how large it is beside the others. */
export const DEPARTMENTS = [
  { name: 'Разработка', weight: 26, titles: ['Разработчик', 'Старший разработчик', 'Тимлид', 'Тестировщик'] },
  { name: 'Продажи', weight: 18, titles: ['Менеджер по продажам', 'Руководитель группы', 'Аккаунт-менеджер'] },
  { name: 'Поддержка', weight: 14, titles: ['Специалист поддержки', 'Старший специалист поддержки'] },
  { name: 'Маркетинг', weight: 9, titles: ['Маркетолог', 'Дизайнер', 'Редактор'] },
  { name: 'Логистика', weight: 12, titles: ['Логист', 'Диспетчер', 'Кладовщик'] },
  { name: 'Финансы', weight: 7, titles: ['Бухгалтер', 'Финансовый аналитик', 'Главный бухгалтер'] },
  { name: 'Персонал', weight: 5, titles: ['HR-менеджер', 'Рекрутер'] },
  { name: 'Юристы', weight: 3, titles: ['Юрист', 'Старший юрист'] },
  { name: 'ИТ', weight: 6, titles: ['Системный администратор', 'Инженер', 'Специалист по безопасности'] },
] as const;

export const PROJECTS: readonly string[] = (
  'Альфа Бета Витязь Гроза Дельта Енисей Жар-птица Зенит Импульс Каскад Ладога Маяк Нева Орион Пульс ' +
  'Рассвет Сириус Тайга Урал Факел Хронос Центр Чайка Эльбрус Юпитер Якорь'
).split(' ');

/** Client program, and the address it comes from, host part only: all of them run in one data centre. */
export const BOTS = [
  { name: 'GitLab', nickname: 'gitlab_bot', agent: 'GitLab/17.9.1-ee', host: '10.11', perDay: 34 },
  { name: 'Jira', nickname: 'jira_bot', agent: 'Atlassian HttpClient 4.1.2 / JIRA-10.3.2', host: '10.12', perDay: 26 },
  { name: 'Мониторинг', nickname: 'zabbix_bot', agent: 'Zabbix', host: '10.13', perDay: 18 },
  { name: 'Календарь', nickname: 'calendar_bot', agent: 'axios/1.8.4', host: '10.14', perDay: 22 },
  { name: 'HR-синхронизация', nickname: 'hr_sync', agent: 'python-requests/2.32.3', host: '10.15', perDay: 1 },
  { name: 'База знаний', nickname: 'wiki_bot', agent: 'Go-http-client/2.0', host: '10.16', perDay: 7 },
  { name: 'Дежурный', nickname: 'oncall_bot', agent: 'okhttp/4.12.0', host: '10.17', perDay: 9 },
] as const;

export const TAGS = [
  'Руководители',
  'Продукт',
  'Дежурные',
  'Москва',
  'Санкт-Петербург',
  'Екатеринбург',
  'Удалёнка',
  'Стажёры',
  'Подрядчики',
  'Пожарная безопасность',
] as const;
