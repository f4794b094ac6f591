// Passkeys: a form with data-passkey asks the device, then sends itself with the answer in `credential`.
//   sign-in  options come from the form's own address     get  options stand in #passkey-options
//   create   likewise; the box `passwordless` makes it a passkey that signs in by itself
"use strict";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

async function got(options) {
  const { publicKey } = options;
  const found = await navigator.credentials.get({
    publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: listed(publicKey.allowCredentials) },
  });
  const { authenticatorData, clientDataJSON, signature, userHandle } = found.response;
  return sent(found, {
    authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON),
    signature: text(signature), userHandle: userHandle ? text(userHandle) : null,
  });
}

async function created(options, passwordless) {
  const { publicKey } = options;
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: listed(publicKey.excludeCredentials),
      authenticatorSelection: {
        ...publicKey.authenticatorSelection,
        residentKey: passwordless ? "required" : "discouraged",
        requireResidentKey: passwordless,
        ...(passwordless ? { userVerification: "required" } : {}),
      },
    },
  });
  const { attestationObject, clientDataJSON } = made.response;
  const transports = made.response.getTransports ? made.response.getTransports() : [];
  return sent(made, { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON), transports });
}

const sent = (credential, response) => ({
  type: credential.type, id: credential.id, rawId: text(credential.rawId),
  authenticatorAttachment: credential.authenticatorAttachment || null,
  clientExtensionResults: credential.getClientExtensionResults(), response,
});

async function ask(form) {
  const stated = document.getElementById("passkey-options");
  if (form.dataset.passkey === "sign-in") {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    return got((await answer.json()).request_options);
  }
  const options = JSON.parse(stated.textContent);
  if (form.dataset.passkey === "get") return got(options.request_options);
  return created(options.creation_options, Boolean(form.elements.passwordless && form.elements.passwordless.checked));
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !window.PublicKeyCredential;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = form.querySelector("[data-passkey-said]");
    said.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await ask(form));
      form.submit();
    } catch {
      said.hidden = false;
    }
  });
}
