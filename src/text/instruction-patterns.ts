// Owns the table of phrasings, in English and Russian, by which a text of the log addresses a model instead of a person.

/**
 * Sources of regular expressions over NFKC text, without regard to case; a line break counts as white space. A phrase is
 * bounded by non-letters on both sides, a mark is not. Ordinary names of chats, tags, rules and clients must not match.
 */
export interface InstructionPattern {
  readonly name: string;
  readonly kind: 'phrase' | 'mark';
  readonly sources: readonly string[];
}

/** Up to four words in between. */
const FEW = String.raw`(?:[\s,]+[\p{L}\p{N}'’«»"-]+){0,4}?[\s,]+`;
const OWN_TOOLS = String.raw`(?:send_security_alert|export_audit_window|list_audit_events|aggregate_audit_events|investigate_actor|find_suspicious_logins|find_risky_changes|follow_audit_events|find_people|check_access)`;

const ENGLISH = [
  {
    name: 'override',
    kind: 'phrase',
    sources: [
      String.raw`(?:ignore|disregard|forget|override|bypass|discard)${FEW}(?:previous|prior|above|earlier|preceding|all|any|your|system|these|those|the)(?:\s+\p{L}+){0,2}\s+(?:instructions?|prompts?|directives?|guidelines?|directions)`,
      String.raw`(?:ignore|disregard|forget)\s+(?:everything|all|anything)(?:\s+(?:that|you|was|were|of|it|have|been|is|\p{L}+)){0,4}?\s+(?:above|before|told|said|earlier|so\s+far)`,
      String.raw`(?:ignore|disregard|forget)\s+(?:all\s+)?(?:(?:the|your|of|my|any)\s+)*(?:previous|prior|above|preceding|safety)\s+(?:\p{L}+\s+)?(?:instructions?|rules?|context|messages?|commands?|text)`,
      String.raw`(?:ignore|disregard)\s+(?:(?:all|any|your|the|my|these)\s+)*(?:instructions|rules|guidelines|restrictions)`,
      String.raw`(?:ignore|disregard)\s+(?:everything|all|the)\s+(?:of\s+the\s+)?above`,
      String.raw`your\s+(?:new|real|actual|only)\s+(?:task|job|goal|instructions?)\s+(?:is|are)`,
      String.raw`(?:new|updated|revised|real|actual)\s+(?:system\s+)?(?:instructions?|directives?|prompt|task)\s*:`,
    ],
  },
  {
    name: 'new_role',
    kind: 'phrase',
    sources: [
      String.raw`you\s+are\s+(?:now|no\s+longer)\s+(?:an?|the|in|free|unrestricted|bound|my|DAN)\s*(?:\p{L}+\s+){0,3}?(?:assistant|model|AI|mode|agent|chatbot|hacker|admin(?:istrator)?|root|instructions?|rules|restrictions|expert|DAN)`,
      String.raw`you\s+are\s+(?:now\s+)?(?:DAN|unrestricted|jailbroken)`,
      String.raw`from\s+now\s+on,?\s+you\s+(?:are|will|must|should|only)`,
      String.raw`(?:act|behave|respond|answer)\s+as\s+(?:if\s+you|an?\s+(?:unrestricted|unfiltered|AI|administrator|admin|system|root|different))`,
      String.raw`pretend\s+(?:to\s+be|that\s+you|you\s+are)`,
      String.raw`(?:enable|enter|activate|switch\s+to|you\s+are\s+in)\s+(?:the\s+)?(?:developer|debug|god|admin|jailbreak|unrestricted|DAN|maintenance)\s+mode`,
      'do\\s+anything\\s+now',
    ],
  },
  {
    name: 'to_the_model',
    kind: 'phrase',
    sources: [
      String.raw`(?:attention|dear|note\s+to|notice\s+to|message\s+(?:to|for)|instructions?\s+(?:to|for)|important\s+for|hey),?\s+(?:the\s+|all\s+|any\s+)?(?:AI|LLMs?|ChatGPT|Claude|GPT-?\d*|language\s+models?|assistant|AI\s+(?:agents?|assistants?|models?))(?=\s*(?:[:!,.;\]\)-]|$|reading|must|should|processing))`,
      String.raw`(?:AI|LLM|language)\s+(?:agents?|assistants?|models?)(?:\s+reading\s+this)?,?\s+(?:must|should|shall|please|ignore|do\s+not|you)`,
      String.raw`(?:important|attention|note|warning|urgent|reminder|hey|hello)\s*[:!,-]\s*(?:dear\s+)?(?:assistant|AI|LLM|model|agent|chatbot|Claude|ChatGPT|GPT)(?=\s*[,:]\s*\S)`,
      String.raw`do\s+not\s+(?:report|flag|escalate|investigate|disclose|alert\s+on|warn\s+about)\s+(?:it|this|that|them|these|anything)`,
      String.raw`if\s+you\s+are\s+(?:an?\s+)?(?:AI|LLM|language\s+model|assistant|agent)`,
      String.raw`(?:reveal|print|show|repeat|output|leak|display|send|post|give)${FEW}(?:system\s+prompt|initial\s+(?:prompt|instructions)|your\s+instructions|hidden\s+instructions|api\s+(?:key|token)s?|access\s+tokens?|PACHCA_TOKEN)`,
      String.raw`do\s+not\s+(?:tell|inform|alert|mention|report|notify|warn|show|reveal|flag)(?:\s+\p{L}+){0,3}?\s+(?:users?|humans?|owners?|admin(?:istrator)?s?|anyone|anybody|findings?|logins?|events?|operator)`,
      String.raw`(?:mark|treat|classify|consider|report)\s+(?:(?:this|these|all|it|the|that)\s+)*(?:\p{L}+\s+){0,3}?as\s+(?:safe|benign|harmless|resolved|trusted|legitimate|not\s+suspicious|a\s+false\s+positive)`,
      String.raw`(?:report|say|answer|reply|respond)\s+(?:that\s+)?(?:there\s+(?:are|is|were)\s+)?(?:no|nothing|only)\s+(?:suspicious|findings?|incidents?|threats?|with)`,
    ],
  },
  {
    name: 'tool_call',
    kind: 'phrase',
    sources: [
      String.raw`(?:call|use|run|invoke|execute|trigger)\s+(?:the|this|your|an?)\s+(?:[\p{L}\p{N}_-]+\s+){0,2}?(?:tool|function|mcp)(?=\s*(?:[:.,!;]|$|with|to|and|now|on))`,
      String.raw`(?:call|use|run|invoke|execute|trigger)\s+(?:the\s+)?[\p{P}\s]{0,3}${OWN_TOOLS}`,
      String.raw`(?:tool|function)\s+(?:result|response|output|call)s?\s*:`,
      String.raw`(?:end|begin|start)(?:ning)?\s+of\s+(?:the\s+)?(?:untrusted|tool|system|user|audit|log|function)\s*(?:data|output|results?|prompt|message|log|instructions?|input|content)`,
    ],
  },
] as const satisfies readonly InstructionPattern[];

const RUSSIAN = [
  {
    name: 'override_ru',
    kind: 'phrase',
    sources: [
      String.raw`(?:про)?(?:игнорируй|игнорируйте|игнорировать|забудь|забудьте|отмени|отмените|отбрось|отбросьте|пренебреги|пренебрегите|нарушь|обойди|обойдите|не\s+(?:следуй|следуйте|выполняй|выполняйте|соблюдай|соблюдайте)|не\s+обращай(?:те)?\s+внимания\s+на)${FEW}(?:инструкци|указани|правил|промпт|директив|ограничени|подсказк|команд|контекст|установк)\p{L}*`,
      String.raw`(?:игнорируй|забудь|проигнорируй)(?:те)?\s+(?:вс[её]|обо?\s+вс[её]м)(?:[\s,]+\p{L}+){0,3}?\s*(?:выше|раньше|ранее|до\s+этого|предыдущее|сказанное|написан\p{L}*)`,
      String.raw`(?:игнорируй|проигнорируй|забудь)(?:те)?\s+(?:вс[её]\s+|все\s+)?(?:предыдущ|вышеуказанн|прежн)\p{L}+`,
      String.raw`тво[яйеи]\s+(?:новая|настоящая|единственная)\s+(?:задача|цель|инструкция|роль)`,
      String.raw`(?:новые|обновл[её]нные|настоящие)\s+(?:системные\s+)?(?:инструкции|указания|директивы)\s*:`,
    ],
  },
  {
    name: 'new_role_ru',
    kind: 'phrase',
    sources: [
      String.raw`ты\s+(?:теперь|отныне|больше\s+не)\s+\p{L}+`,
      String.raw`(?:теперь|отныне)\s+ты\s+\p{L}+`,
      String.raw`(?:вы\s+теперь|теперь\s+вы|отныне\s+вы|вы\s+больше\s+не)\s+(?:\p{L}+\s+)?(?:ии|ассистент|помощник|модель|агент|связаны|обязаны|должны)`,
      String.raw`с\s+(?:этого|данного)\s+момента\s+(?:ты|вы)`,
      String.raw`(?:представь|вообрази|притворись)(?:те)?(?:сь)?,?\s+что\s+(?:ты|вы)`,
      String.raw`(?:действуй|веди\s+себя|отвечай)(?:те)?\s+(?:так,?\s+)?(?:как\s+(?:ии|администратор|система|другой|если)|будто)`,
      String.raw`(?:включи|активируй|войди\s+в|перейди\s+в)(?:те)?\s+режим\s+(?:разработчика|бога|отладки|администратора|без\s+ограничений)`,
    ],
  },
  {
    name: 'to_the_model_ru',
    kind: 'phrase',
    sources: [
      String.raw`(?:внимание|обращение\s+к|сообщение\s+для|указани[ея]\s+для|инструкци[яи]\s+для|важно\s+для|уважаем\p{L}+|дорог\p{L}+),?\s+(?:ии|llm|chatgpt|claude|gpt|нейросет[ьи]|языков\p{L}+\s+модел\p{L}+|модел[иь]|ассистента?|ии-(?:агент|ассистент)\p{L}*)(?=\s*(?:[:!,.;\]\)—-]|$))`,
      String.raw`(?:важно|внимание|срочно|напоминание|привет|эй)\s*[:!,—-]\s*(?:уважаем\p{L}+\s+)?(?:ассистент|помощник|ии|нейросеть|модель|агент|бот|claude|chatgpt|gpt)(?=\s*[,:]\s*\S)`,
      String.raw`не\s+(?:сообщай|докладывай|отмечай|помечай|упоминай|расследуй|показывай|выводи)(?:те)?\s+(?:об\s+|про\s+)?(?:эт\p{L}+|нём|нем|них|него|его|е[её]|их|ничего)`,
      String.raw`если\s+ты\s+(?:—\s+|-\s+)?(?:ии|нейросеть|языковая\s+модель|ассистент|агент|модель)`,
      String.raw`(?:покажи|выведи|раскрой|напечатай|повтори|сообщи|пришли|отправь|перешли)(?:те)?${FEW}(?:системн\p{L}+\s+(?:промпт|инструкци|подсказк|сообщени)\p{L}*|сво[ией]\p{L}*\s+(?:инструкци|промпт)\p{L}*|токен\p{L}*|PACHCA_TOKEN)`,
      String.raw`не\s+(?:сообщай|говори|рассказывай|упоминай|показывай|докладывай|предупреждай|уведомляй|выдавай)(?:те)?(?:\s+\p{L}+){0,3}?\s+(?:пользовател|владельц|администратор|никому|человек|оператор|событи|вход|находк)\p{L}*`,
      String.raw`(?:считай|считать|отметь|пометь|признай|классифицируй)(?:те)?(?:\s+\p{L}+){0,4}?\s+(?:безопасн|доверенн|легитимн|безобидн|ложн|проверенн|разрешенн|разрешённ)\p{L}*`,
      String.raw`(?:ответь|сообщи|скажи|напиши)(?:те)?,?\s+что\s+(?:\p{L}+\s+){0,4}?(?:нет|не\s+(?:найдено|обнаружено|было)|ничего)`,
    ],
  },
  {
    name: 'tool_call_ru',
    kind: 'phrase',
    sources: [
      String.raw`(?:вызови|используй|запусти|выполни|примени)(?:те)?\s+(?:[\p{L}\p{N}_-]+\s+){0,2}?(?:инструмент|функци[юи]|тул)(?!\p{L})`,
      String.raw`(?:вызови|используй|запусти|выполни|примени)(?:те)?\s+(?:инструмент\s+|функцию\s+)?[\p{P}\s]{0,3}${OWN_TOOLS}`,
      String.raw`(?:результат|ответ|вывод)\s+(?:работы\s+)?(?:инструмента|вызова|функции)\s*:`,
      String.raw`(?:конец|начало)\s+(?:недовер|системн|результат|данн|вывод|промпт)\p{L}*\s*(?:(?:данн|вывод|результат|промпт|инструмент|журнал|аудит|инструкц)\p{L}*\s*){0,2}(?=(?:[-—=:.!\]]|$))`,
    ],
  },
] as const satisfies readonly InstructionPattern[];

const MARKUP = [
  {
    name: 'role_header',
    kind: 'mark',
    sources: [
      String.raw`(?:^|[\n\r>\]"'|#*-])\s{0,8}(?:\[|\*\*|#{1,6}\s{0,8})?(?:system|assistant|система|ассистент|системн(?:ое|ая|ый)\s+(?:сообщение|инструкция|промпт)|system\s+(?:message|prompt|note|override|notice|update))(?:\]|\*\*)?\s*:\s*\S`,
      String.raw`\n\s{0,8}(?:human|user|пользователь)\s?:[^]{0,1000}?\s(?:assistant|ассистент)\s?:`,
      String.raw`#{2,6}\s{0,8}(?:system|instructions?|assistant|response|система|инструкци[яи]|новая\s+инструкция)\s*(?::|\n|$)`,
    ],
  },
  {
    name: 'chat_markup',
    kind: 'mark',
    sources: [
      String.raw`<\|[\w /-]{1,40}\|>`,
      String.raw`\[\/?(?:INST|SYS|SYSTEM|ASSISTANT|TOOL_RESULTS?|AVAILABLE_TOOLS|TOOL_CALLS)\]`,
      String.raw`<<\/?SYS>>`,
      String.raw`<\/?(?:start_of_turn|end_of_turn|bos|eos)>`,
    ],
  },
  {
    name: 'tool_markup',
    kind: 'mark',
    sources: [
      String.raw`<\/?\s*(?:[\w-]+:)?(?:tool[_-]?(?:results?|responses?|outputs?|calls?|use)|function[_-]?(?:results?|calls?|responses?)|invoke|parameter|system(?:[_-](?:prompt|reminder|message|instruction))?|assistant|instructions?|prompt|untrusted[\w-]*|audit[_-]?(?:log|events?)|thinking|important)(?:\s[^<>]{0,200})?\/?>`,
      String.raw`<\/\s*(?:results?|data|output|context|documents?|user|events?|content|message)\s*>`,
      String.raw`["'](?:role|type)["']\s*:\s*["'](?:system|assistant|developer|tool|tool_result|tool_use|function)["']`,
      String.raw`["'](?:jsonrpc|structuredContent|isError|tool_calls|tool_result|function_call)["']\s*:`,
    ],
  },
  {
    name: 'active_link',
    kind: 'mark',
    sources: [
      // An image is fetched when the answer is shown; a link with a query or a placeholder carries data out when it is followed.
      String.raw`!\[[^\]]{0,200}\]\s*[(\[]`,
      String.raw`\]\(\s*<?(?:javascript|data|vbscript|file):`,
      String.raw`\]\(\s*<?https?:\/\/[^\s)]{0,300}[?{%$][^)]{0,300}\)`,
      String.raw`<(?:img|iframe|script|svg|object|embed|form|meta|link)(?:\s|\/)[^<>]{0,300}>?|<script>`,
      String.raw`<a\s[^<>]{0,40}href\s*=`,
    ],
  },
] as const satisfies readonly InstructionPattern[];

export const INSTRUCTION_PATTERNS: readonly InstructionPattern[] = [...ENGLISH, ...RUSSIAN, ...MARKUP];
