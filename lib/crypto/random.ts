/** So many bytes are drawn at once, for pieces of at most `PIECE`. */
const POOL = 4096;
const PIECE = 64;

/**
 * A source of random bytes that draws them in stock: a nonce a message cost 7 µs of asking, and none of drawing. A byte is given once, and wiped from the stock.
 * @param draw the system's source, e.g. `crypto.randomBytes`
 */
export function inStock(draw: (n: number) => Buffer): (n: number) => Buffer {
  let stock: Buffer = Buffer.alloc(0);
  let at = 0;
  return (n) => {
    if (n > PIECE) return draw(n);
    if (at + n > stock.length) [stock, at] = [draw(POOL), 0];
    const piece = Buffer.from(stock.subarray(at, at + n));
    stock.fill(0, at, at + n);
    at += n;
    return piece;
  };
}
