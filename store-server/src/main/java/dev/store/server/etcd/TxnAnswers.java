package dev.store.server.etcd;

import dev.store.api.v1.DeleteResult;
import dev.store.api.v1.PutResult;
import dev.store.api.v1.RangeResult;
import dev.store.api.v1.TxnOpResult;
import dev.store.api.v1.TxnResult;
import dev.store.server.etcd.v3.DeleteRangeResponse;
import dev.store.server.etcd.v3.PutResponse;
import dev.store.server.etcd.v3.RangeRequest;
import dev.store.server.etcd.v3.RangeResponse;
import dev.store.server.etcd.v3.RequestOp;
import dev.store.server.etcd.v3.ResponseHeader;
import dev.store.server.etcd.v3.ResponseOp;
import dev.store.server.etcd.v3.TxnRequest;
import dev.store.server.etcd.v3.TxnResponse;
import java.util.List;

/** Results of puts, deletions and transactions in etcd's form. */
final class TxnAnswers {
    private final long before;
    private final long after;
    private boolean changed;

    /** @param after the revision when the transaction had been applied */
    private TxnAnswers(TxnResult result, long after) {
        this.after = after;
        this.before = changes(result) ? after - 1 : after;
    }

    static PutResponse put(PutResult result, ResponseHeader header) {
        PutResponse.Builder answer = PutResponse.newBuilder().setHeader(header);
        if (result.hasPrevious()) {
            answer.setPrevKv(Entries.of(result.getPrevious()));
        }
        return answer.build();
    }

    static DeleteRangeResponse delete(DeleteResult result, ResponseHeader header) {
        DeleteRangeResponse.Builder answer =
                DeleteRangeResponse.newBuilder().setHeader(header).setDeleted(result.getDeleted());
        result.getPreviousList().forEach(entry -> answer.addPrevKvs(Entries.of(entry)));
        return answer.build();
    }

    static TxnResponse txn(TxnRequest request, TxnResult result, long revision, ResponseHeader header) {
        return new TxnAnswers(result, revision).answer(request, result, header);
    }

    private TxnResponse answer(TxnRequest request, TxnResult result, ResponseHeader header) {
        TxnResponse.Builder answer = TxnResponse.newBuilder().setHeader(header).setSucceeded(result.getSucceeded());
        List<RequestOp> branch = result.getSucceeded() ? request.getSuccessList() : request.getFailureList();
        for (int i = 0; i < branch.size(); i++) {
            answer.addResponses(answer(branch.get(i), result.getResults(i)));
        }
        return answer.build();
    }

    private ResponseOp answer(RequestOp op, TxnOpResult result) {
        ResponseOp.Builder answer = ResponseOp.newBuilder();
        switch (result.getResultCase()) {
            case PUT -> {
                changed = true;
                answer.setResponsePut(put(result.getPut(), header()));
            }
            case DELETE -> {
                changed |= result.getDelete().getDeleted() > 0;
                answer.setResponseDeleteRange(delete(result.getDelete(), header()));
            }
            case RANGE -> answer.setResponseRange(range(op.getRequestRange(), result.getRange(), header()));
            // etcd leaves the header of a nested transaction empty.
            case TXN ->
                answer.setResponseTxn(answer(op.getRequestTxn(), result.getTxn(), ResponseHeader.getDefaultInstance()));
            case RESULT_NOT_SET -> throw new IllegalStateException("txn result: none for " + op.getRequestCase());
        }
        return answer.build();
    }

    /** The revision that the operations up to here have made. */
    private ResponseHeader header() {
        return EtcdHeaders.inner(changed ? after : before);
    }

    private static RangeResponse range(RangeRequest request, RangeResult result, ResponseHeader header) {
        RangeResponse.Builder answer =
                RangeResponse.newBuilder().setHeader(header).setMore(result.getMore());
        result.getEntriesList().forEach(entry -> answer.addKvs(Entries.of(entry)));
        long count = result.getCount() < 0 ? result.getEntriesCount() : result.getCount();
        return answer.setCount(count)
                .setMore(result.getMore() && !request.getCountOnly())
                .build();
    }

    private static boolean changes(TxnResult result) {
        for (TxnOpResult op : result.getResultsList()) {
            if (op.hasPut()
                    || (op.hasDelete() && op.getDelete().getDeleted() > 0)
                    || (op.hasTxn() && changes(op.getTxn()))) {
                return true;
            }
        }
        return false;
    }
}
