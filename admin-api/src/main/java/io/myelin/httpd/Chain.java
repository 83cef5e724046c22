package io.myelin.httpd;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The items of several iterators one after the other; none of those is asked for before its turn, nor kept after it.
 */
@OwnedBy(Owner.ADMIN_LOOP)
public final class Chain<T> implements Iterator<T> {
    private final Iterator<? extends Iterator<? extends T>> parts;
    private Iterator<? extends T> part = Collections.emptyIterator();

    public Chain(Iterator<? extends Iterator<? extends T>> parts) {
        this.parts = parts;
    }

    @Override
    public boolean hasNext() {
        while (!part.hasNext() && parts.hasNext()) {
            part = parts.next();
        }
        return part.hasNext();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return part.next();
    }
}
