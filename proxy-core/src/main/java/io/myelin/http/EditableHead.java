package io.myelin.http;

/** A parsed head whose fields rules may change. */
interface EditableHead {
    Fields fields();

    /** Writes the first line as it is sent, CR LF included. */
    void writeStartLine(HeadWriter out);

    /** Says that the bytes of the head are in another array, at the same positions. */
    void onBytesMoved();
}
