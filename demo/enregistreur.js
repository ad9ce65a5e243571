// A voice recorder that records nothing: it only keeps the time. Tells the page by the events `enregistrement` and `enregistre`.
'use strict';

for (const recorder of document.querySelectorAll('[data-recorder]')) {
  const button = recorder.querySelector('button');
  const meter = recorder.querySelector('.meter');
  const start = button.textContent;
  let elapsed = null;
  let timer;
  button.addEventListener('click', () => {
    if (elapsed) {
      const seconds = elapsed();
      elapsed = null;
      clearInterval(timer);
      recorder.classList.remove('on');
      button.textContent = start;
      meter.textContent = `Enregistré : ${seconds} s.`;
      recorder.dispatchEvent(new CustomEvent('enregistre', { detail: seconds, bubbles: true }));
    } else {
      elapsed = demo.stopwatch();
      recorder.dispatchEvent(new CustomEvent('enregistrement', { bubbles: true }));
      recorder.classList.add('on');
      button.textContent = 'Arrêter';
      meter.dataset.seconds = 0;
      meter.textContent = 'Enregistrement en cours.';
      // Shown, but not announced every second.
      timer = setInterval(() => (meter.dataset.seconds = elapsed()), 1000);
    }
  });
}
