package io.myelin.httpd;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;

/** How many answers that do not fit into one piece are being sent by one event loop, and may be. */
@OwnedBy(Owner.ADMIN_LOOP)
final class LongAnswers {
    private final int limit;
    private int begun;

    /** @param limit how many may be sent at once */
    LongAnswers(int limit) {
        this.limit = limit;
    }

    int limit() {
        return limit;
    }

    /** Returns whether another one may begin, which then counts until it leaves. */
    boolean take() {
        if (begun == limit) {
            return false;
        }
        begun++;
        return true;
    }

    void leave() {
        begun--;
    }
}
