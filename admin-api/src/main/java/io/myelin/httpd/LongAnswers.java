package io.myelin.httpd;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;

/** How many answers that do not fit into one piece are being sent by one event loop, and may be. */
@OwnedBy(Owner.ADMIN_LOOP)
final class LongAnswers {
    /** Enough for a few collectors of metrics and the people beside them. */
    static final int LIMIT = 16;

    private int begun;

    /** Returns whether another one may begin, which then counts until it leaves. */
    boolean take() {
        if (begun == LIMIT) {
            return false;
        }
        begun++;
        return true;
    }

    void leave() {
        begun--;
    }
}
