// The text and the drawing are timed by their attributes data-feature-timed, the recording by padoqe.feature(…).
'use strict';

{
  const recorder = document.querySelector('[data-recorder]');
  for (const [type, turn] of [['enregistrement', 'start'], ['enregistre', 'stop']])
    recorder.addEventListener(type, () => window.padoqe?.feature?.('Réponse/reponse-audio')[turn]());

  const canvas = document.querySelector('#dessin');
  const pen = canvas.getContext('2d');
  pen.lineWidth = 4;
  pen.lineCap = pen.lineJoin = 'round';
  pen.strokeStyle = '#1c5c34';
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!event.buttons) return;
    pen.lineTo(...at(event));
    pen.stroke();
  });
  document.querySelector('#effacer').addEventListener('click', () => pen.clearRect(0, 0, canvas.width, canvas.height));

  const errors = document.querySelector('#erreurs');
  document.querySelector('#copie').addEventListener('submit', (event) => {
    event.preventDefault();
    const name = document.querySelector('#prenom');
    const missing = [];
    name.toggleAttribute('aria-invalid', false);
    if (!name.value.trim()) {
      name.setAttribute('aria-invalid', 'true');
      missing.push(['#prenom', 'Écris ton prénom.']);
    }
    if (!document.querySelector('[name=q1]:checked')) missing.push(['#q1-a', 'Choisis une réponse à la question 1.']);
    errors.hidden = !missing.length;
    if (missing.length) {
      const list = document.createElement('ul');
      for (const [target, text] of missing) {
        const item = document.createElement('li');
        const link = document.createElement('a');
        link.href = target;
        link.textContent = text;
        link.addEventListener('click', (click) => {
          click.preventDefault();
          document.querySelector(target).focus();
        });
        item.append(link);
        list.append(item);
      }
      errors.replaceChildren(list);
      errors.focus();
      return;
    }
    demo.event('Réponse', 'copie-rendue');
    demo.go('rendu.html');
  });
}
