package io.myelin.http;

import io.myelin.http.Template.Piece;
import io.myelin.route.TlsSample;

/** What the client's TLS says; nothing if it has no answer. */
public record TlsPiece(TlsSample sample) implements Piece {
    @Override
    public void write(RuleRun run, HeadWriter out) {
        ClientConnection client = run.client();
        String text = sample.answer(client == null ? null : client.tls());
        if (text != null) {
            out.text(text);
        }
    }
}
