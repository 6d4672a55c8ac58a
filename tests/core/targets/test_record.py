"""What the log keeps of an outward call."""

from scripted import Bench, Reply


async def test_a_secret_that_no_key_tells_is_masked_in_the_log_and_sent_as_it_is() -> None:
    bench = Bench(Reply())
    await bench.http.write("POST", "/rpc", {"params": ["jane", "hunter2"]}, secret="hunter2")
    assert bench.product.seen[0].body == b'{"params":["jane","hunter2"]}'
    assert bench.log[0].request_body == '{"params":["jane","•••"]}'.encode()
