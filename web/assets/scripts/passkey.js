// A passkey is made or used by the browser: the form asks the server what to ask for, and sends what the
// browser answers. Where there are no passkeys the form stays hidden, and the other ways are there.
export function usePasskey(area) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
  const form = area.querySelector("form");
  const says = area.querySelector("[data-vs-passkey-says]");
  const purpose = area.dataset.vsPasskey;
  area.hidden = false;
  let answered = false;
  form.addEventListener("submit", async (event) => {
    if (answered) return;
    event.preventDefault();
    says.textContent = "";
    try {
      const asked = await fetch("/passkeys/options", { method: "POST", body: new URLSearchParams({ for: purpose }) });
      if (!asked.ok) throw new Error("refused");
      const { publicKey } = await asked.json();
      const credential = purpose === "add"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      answered = true;
      form.submit();
    } catch (problem) {
      says.textContent = problem.name === "InvalidStateError"
        ? "This device has a passkey of yours already."
        : "That did not work, or was cancelled. Try again, or use another way.";
    }
  });
}
