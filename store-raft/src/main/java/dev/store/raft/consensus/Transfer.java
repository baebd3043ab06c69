package dev.store.raft.consensus;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;

/**
 * A transfer of leadership that was asked for. It makes its target campaign (Raft dissertation, section 3.10), and on a busy
 * machine another may win, also the one that led before.
 *
 * @param from who led
 * @param target who is to lead
 * @param anyOther whether any other would do as well
 * @param term the term in which it was asked for
 */
record Transfer(RaftPeerId from, RaftPeerId target, boolean anyOther, long term) {
    /**
     * What became of one that failed.
     *
     * @param leader who leads now, as far as is known
     * @return the name of the leader, if it will do
     * @throws StoreException {@link ErrorCode#NO_LEADER} if an election was held that the target did not win, so that whoever
     *     asked asks the winner; {@link ErrorCode#NOT_READY} if none was held
     */
    String failed(@Nullable RaftPeerId leader, long currentTerm, String reason) {
        if (leader != null && (anyOther ? !leader.equals(from) : leader.equals(target))) {
            return leader.toString();
        }
        throw new StoreException(
                currentTerm > term ? ErrorCode.NO_LEADER : ErrorCode.NOT_READY,
                "leadership could not be handed to \"" + target + "\": " + reason);
    }
}
