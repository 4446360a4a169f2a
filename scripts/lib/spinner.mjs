const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

/** Shows that work goes on, and for how long, while no package that could do so is installed; nothing where nobody watches. */
export async function withSpinner(title, work, { silent = false } = {}) {
  if (silent) return work();
  if (!process.stdout.isTTY) {
    process.stdout.write(`❯ ${title}\n`);
    return work();
  }
  const start = Date.now();
  let frame = 0;
  const timer = setInterval(() => {
    frame = (frame + 1) % FRAMES.length;
    process.stdout.write(`\r${FRAMES[frame]} ${title} … ${Math.floor((Date.now() - start) / 1000)} s`);
  }, FRAME_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    process.stdout.write('\r\u001b[K');
  }
}
