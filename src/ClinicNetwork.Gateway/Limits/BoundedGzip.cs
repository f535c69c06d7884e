using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace ClinicNetwork.Gateway.Limits;

/// <summary>
/// gzip whose messages are bounded after they were unpacked: gRPC's own limit looks at what came over the wire, of which 256 KiB can hold 260 MiB.
/// </summary>
internal sealed class BoundedGzip(int bytesMax) : ICompressionProvider
{
    public string EncodingName => "gzip";

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new GZipStream(stream, compressionLevel ?? CompressionLevel.Fastest, leaveOpen: true);

    public Stream CreateDecompressionStream(Stream stream) => new Unpacked(new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true), bytesMax);

    /// <summary>Reads no further than the limit.</summary>
    private sealed class Unpacked(GZipStream packed, int bytesMax) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = packed.Read(buffer);
            return (_read += read) <= bytesMax
                ? read
                : throw new RpcException(new Status(StatusCode.ResourceExhausted, "The message is larger unpacked than this rpc takes."));
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                packed.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
