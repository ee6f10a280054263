/** Passwords of twelve characters and more that lists of leaked ones begin with, in lower case. Shorter ones are refused anyway. */
const COMMON = new Set(
  `123456789012 1234567890123 12345678901234 123456789123 123123123123 111111111111 000000000000 121212121212 112233445566 987654321098
  098765432109 qwertyuiop12 qwertyuiop123 qwertyuiopas qwerty123456 qwertyqwerty qwertyasdfgh 1q2w3e4r5t6y 1qaz2wsx3edc qazwsxedcrfv zaq12wsxcde3
  asdfghjkl123 asdfghjklqwe zxcvbnmasdfg password1234 password12345 password123456 passwordpassword password2024 password2025 password2026
  passw0rd1234 p@ssw0rd1234 p@ssword1234 mypassword123 yourpassword administrator admin1234567 admin123456789 adminadminadmin root12345678
  welcome12345 welcome123456 changeme1234 changeme12345 letmein12345 letmeinplease iloveyou1234 iloveyoubaby iloveyouforever sunshine1234
  princess1234 football1234 baseball1234 superman1234 batman123456 dragon123456 monkey123456 trustno1trust abc123456789 abcdefghijkl abcdefghijklm
  abcd12345678 abcabcabcabc a1b2c3d4e5f6 correcthorsebatterystaple thisisapassword secret123456 default12345 testtesttest test12345678
  juventus1234 juventus1897 forzajuve123 forzamilan12 forzainter12 inter1908123 napoli123456 forzanapoli12 ciaociaociao ciaociaociao1 amoremio1234
  tiamotiamoti tiamotantissimo francesco123 alessandro12 alessandro123 giuseppe1234 andrea123456 password.123 buongiorno12 buongiorno123 benvenuto123
  cambiami1234 amministratore assenso12345 assenso123456 newsletter12 newsletter123 newsletter2026`
    .split(/\s+/)
    .filter(Boolean),
);

/** Whether somebody who guesses begins with it: a list, one thing over and over, or a row of neighbours. */
export function isCommonPassword(password: string): boolean {
  const plain = password.toLowerCase();
  if (COMMON.has(plain)) return true;
  if (new Set(plain).size < 5) return true;
  return /^(.{1,6})\1+$/u.test(plain) || isRun(plain);
}

/** Each character follows the one before: "abcdefghijklm", "9876543210987". */
function isRun(text: string): boolean {
  const codes = [...text].map((one) => one.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, i) => code - (codes[i] ?? 0));
  return steps.filter((step) => Math.abs(step) <= 1 || Math.abs(step) === 9).length === steps.length;
}
