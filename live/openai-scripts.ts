/** A sentence or two in each script, and code: what tokenizers disagree on most. */
export const scripts: Readonly<Record<string, string>> = {
  latin: 'The pump station at the north gate delivers 1,250 litres a minute, unless its filter is clogged.',
  accents: 'Größe, naïveté, señor, Łódź, čeština, İstanbul: façade et œuvre à côté.',
  cyrillic: 'Насосная станция подаёт воду в резервуар каждое утро в шесть часов.',
  greek: 'Το αντλιοστάσιο τροφοδοτεί τη δεξαμενή κάθε πρωί στις έξι.',
  arabic: 'تضخ المحطة الماء إلى الخزان كل صباح في الساعة السادسة.',
  hebrew: 'תחנת השאיבה מזרימה מים למאגר בכל בוקר בשעה שש.',
  devanagari: 'पंप स्टेशन हर सुबह छह बजे जलाशय में पानी भेजता है।',
  thai: 'สถานีสูบน้ำส่งน้ำไปยังอ่างเก็บน้ำทุกเช้าเวลาหกโมง',
  chinese: '泵站每天早上六点向水库送水，每分钟一千二百五十升。',
  japanese: 'ポンプ場は毎朝六時に貯水池へ水を送ります。カタカナもあります。',
  korean: '펌프장은 매일 아침 여섯 시에 저수지로 물을 보냅니다.',
  emoji: '🚰 → 💧💧 👩🏽‍🔧 🏳️‍🌈 ok',
  digits: '0123456789 3.14159 2026-11-24T04:13:44Z +49 30 1234567 0xDEADBEEF',
  code: 'export function f<T>(xs: readonly T[]): T | null {\n\treturn xs.at(-1) ?? null // last\n}\n',
}
