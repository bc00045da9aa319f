using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Pondus.Runs;

/// <summary>Appends scalars and histograms to an event file that TensorBoard reads.</summary>
/// <remarks>
/// <para>Bytes: each record is its length (uint64), the length's checksum, an Event in protobuf, its checksum, little-endian.</para>
/// <para>What is written stays in a buffer until it is full or <see cref="Flush"/> is called. A steady scalar allocates nothing.
/// Safe to call from any thread.</para>
/// <para>Resume: a checkpoint stores <see cref="Length"/>; <see cref="Open"/> cuts the file there, so that the log of a
/// resumed run differs from that of an uninterrupted one in wall times only.</para>
/// <para>Source: TensorBoard's event.proto, summary.proto and TensorFlow's record format.</para>
/// </remarks>
public sealed class EventWriter : IDisposable
{
    private const int HeaderBytes = 12;
    private const int FooterBytes = 4;
    private const int BufferBytes = 1 << 16;
    private const int DoubleType = 2;

    private readonly Lock _lock = new();
    private readonly SafeFileHandle _file;
    private readonly TimeProvider _time;
    private byte[] _buffer = new byte[BufferBytes];
    private int _filled;
    private long _written;
    private bool _isDisposed;

    private EventWriter(string path, SafeFileHandle file, long length, TimeProvider time)
    {
        Path = path;
        _file = file;
        _written = length;
        _time = time;
    }

    /// <summary>Gets the file.</summary>
    public string Path { get; }

    /// <summary>Gets the length of the file in bytes, with what is still in the buffer.</summary>
    public long Length
    {
        get
        {
            lock (_lock)
            {
                return _written + _filled;
            }
        }
    }

    /// <summary>Begins a new file, named as TensorBoard names them.</summary>
    /// <param name="folder">The run's folder; made when missing.</param>
    /// <param name="time">The clock of file names and wall times.</param>
    /// <returns>The writer; the file has its first record, the version.</returns>
    /// <exception cref="IOException">The folder cannot be written to, or the disk is full.</exception>
    public static EventWriter Create(string folder, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(time);
        Directory.CreateDirectory(folder);
        long seconds = time.GetUtcNow().ToUnixTimeSeconds();
        string start = System.IO.Path.Combine(
            folder, string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{seconds:D10}.{Environment.MachineName}.{Environment.ProcessId}."));
        int number = 0;
        while (File.Exists($"{start}{number}"))
        {
            number++;
        }

        string path = $"{start}{number}";
        SafeFileHandle file = OpenHandle(path, FileMode.CreateNew);
        EventWriter writer = new(path, file, 0, time);
        try
        {
            writer.Version();
            writer.Flush();
            return writer;
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Continues a file from a stored length; what was written after it is cut off.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">Its <see cref="Length"/> when the state to continue from was stored, in bytes.</param>
    /// <param name="time">The clock of wall times.</param>
    /// <returns>The writer.</returns>
    /// <exception cref="IOException">The file is missing, shorter than that, or no record ends there.</exception>
    public static EventWriter Open(string path, long length, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentNullException.ThrowIfNull(time);
        long end = EventReader.LastRecordEnd(path, length);
        if (end != length)
        {
            throw new IOException($"{path}: expected a record that ends at byte {length}, got the last one before it at byte {end}. The file is not the one that was stored.");
        }

        SafeFileHandle file = OpenHandle(path, FileMode.Open);
        RandomAccess.SetLength(file, length);
        return new EventWriter(path, file, length, time);
    }

    /// <summary>Writes a number, at the clock's time.</summary>
    /// <param name="tag">Its name, such as <c>train/loss</c>.</param>
    /// <param name="value">The number; NaN and infinities are kept.</param>
    /// <param name="step">Step of the training.</param>
    public void Scalar(string tag, float value, long step) => Scalar(tag, value, step, Now());

    /// <summary>Writes a number.</summary>
    /// <param name="tag">Its name, such as <c>train/loss</c>.</param>
    /// <param name="value">The number; NaN and infinities are kept.</param>
    /// <param name="step">Step of the training.</param>
    /// <param name="wallTime">Time of day in seconds since 1970.</param>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Scalar(string tag, float value, long step, double wallTime)
    {
        ArgumentNullException.ThrowIfNull(tag);
        const int scalarBytes = 5;
        int tagBytes = Encoding.UTF8.GetByteCount(tag), valueBytes = EventEncoder.FieldBytes(tagBytes) + scalarBytes;
        lock (_lock)
        {
            EventEncoder encoder = BeginSummary(wallTime, step, valueBytes);
            encoder.Text(1, tag, tagBytes);
            encoder.Single(2, value);
            EndRecord(encoder.Length);
        }
    }

    /// <summary>Writes a histogram, at the clock's time.</summary>
    /// <param name="tag">Its name, such as <c>weights/0.weight</c>.</param>
    /// <param name="edges">Edges of the bins, ascending: one more than there are bins; the widths may differ.</param>
    /// <param name="counts">How many values each bin has.</param>
    /// <param name="step">Step of the training.</param>
    public void Histogram(string tag, ReadOnlySpan<double> edges, ReadOnlySpan<double> counts, long step) => Histogram(tag, edges, counts, step, Now());

    /// <summary>Writes a histogram.</summary>
    /// <remarks>As a tensor of rows (left, right, count) in float64, the form of TensorBoard since 2.0.</remarks>
    /// <param name="tag">Its name, such as <c>weights/0.weight</c>.</param>
    /// <param name="edges">Edges of the bins, ascending: one more than there are bins; the widths may differ.</param>
    /// <param name="counts">How many values each bin has.</param>
    /// <param name="step">Step of the training.</param>
    /// <param name="wallTime">Time of day in seconds since 1970.</param>
    /// <exception cref="ArgumentException">There is not one edge more than there are bins.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Histogram(string tag, ReadOnlySpan<double> edges, ReadOnlySpan<double> counts, long step, double wallTime)
    {
        ArgumentNullException.ThrowIfNull(tag);
        if (edges.Length != counts.Length + 1 && (edges.Length > 0 || counts.Length > 0))
        {
            throw new ArgumentException($"Histogram '{tag}': expected {counts.Length + 1} edges for {counts.Length} bins, got {edges.Length}.", nameof(edges));
        }

        // plugin_data { plugin_name: "histograms" }, data_class: DATA_CLASS_TENSOR
        ReadOnlySpan<byte> metadata = "\u000A\u000C\u000A\u000Ahistograms\u0020\u0002"u8;
        int rowsBytes = EventEncoder.VarintBytes((ulong)counts.Length), contentBytes = 3 * sizeof(double) * counts.Length;
        int dimensionBytes = 1 + rowsBytes, shapeBytes = EventEncoder.FieldBytes(dimensionBytes) + EventEncoder.FieldBytes(2);
        int tensorBytes = 2 + EventEncoder.FieldBytes(shapeBytes) + EventEncoder.FieldBytes(contentBytes), tagBytes = Encoding.UTF8.GetByteCount(tag);
        int valueBytes = EventEncoder.FieldBytes(tagBytes) + EventEncoder.FieldBytes(tensorBytes) + EventEncoder.FieldBytes(metadata.Length);
        lock (_lock)
        {
            EventEncoder encoder = BeginSummary(wallTime, step, valueBytes);
            encoder.Text(1, tag, tagBytes);
            encoder.Begin(8, tensorBytes);
            encoder.Varint(1, DoubleType);
            encoder.Begin(2, shapeBytes);
            encoder.Begin(2, dimensionBytes);
            encoder.Varint(1, (ulong)counts.Length);
            encoder.Begin(2, 2);
            encoder.Varint(1, 3);
            encoder.Begin(4, contentBytes);
            for (int i = 0; i < counts.Length; i++)
            {
                encoder.Double(edges[i]);
                encoder.Double(edges[i + 1]);
                encoder.Double(counts[i]);
            }

            encoder.Begin(9, metadata.Length);
            encoder.Bytes(metadata);
            EndRecord(encoder.Length);
        }
    }

    /// <summary>Hands everything to the operating system, so that readers see it.</summary>
    /// <param name="toDisk">True to wait until it is on the disk, as before storing <see cref="Length"/> in a checkpoint.</param>
    /// <exception cref="IOException">The disk is full; what was not written is kept for another try.</exception>
    public void Flush(bool toDisk = false)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            WriteBuffer();
            if (toDisk)
            {
                RandomAccess.FlushToDisk(_file);
            }
        }
    }

    /// <summary>Writes what is in the buffer and closes the file.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            try
            {
                WriteBuffer();
            }
            finally
            {
                _file.Dispose();
            }
        }
    }

    private static SafeFileHandle OpenHandle(string path, FileMode mode)
    {
        try
        {
            return File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string cause = error is UnauthorizedAccessException ? "no permission to write there." : error.Message;
            throw new IOException($"{path}: expected to write this event file, got: {cause}", error);
        }
    }

    private double Now() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    private void Version()
    {
        ReadOnlySpan<byte> version = "brain.Event:2"u8;
        EventEncoder encoder = new(BeginRecord(9 + EventEncoder.FieldBytes(version.Length)));
        encoder.Double(1, Now());
        encoder.Begin(3, version.Length);
        encoder.Bytes(version);
        EndRecord(encoder.Length);
    }

    /// <summary>Writes an Event up to the content of its only Value.</summary>
    private EventEncoder BeginSummary(double wallTime, long step, int valueBytes)
    {
        int summaryBytes = EventEncoder.FieldBytes(valueBytes), stepBytes = step == 0 ? 0 : 1 + EventEncoder.VarintBytes((ulong)step);
        EventEncoder encoder = new(BeginRecord(9 + stepBytes + EventEncoder.FieldBytes(summaryBytes)));
        encoder.Double(1, wallTime);
        if (step != 0)
        {
            encoder.Varint(2, (ulong)step);
        }

        encoder.Begin(5, summaryBytes);
        encoder.Begin(1, valueBytes);
        return encoder;
    }

    private Span<byte> BeginRecord(int contentBytes)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        int recordBytes = HeaderBytes + contentBytes + FooterBytes;
        if (recordBytes > _buffer.Length - _filled)
        {
            WriteBuffer();
            if (recordBytes > _buffer.Length)
            {
                _buffer = new byte[recordBytes];
            }
        }

        return _buffer.AsSpan(_filled + HeaderBytes, contentBytes);
    }

    private void EndRecord(int contentBytes)
    {
        Span<byte> record = _buffer.AsSpan(_filled, HeaderBytes + contentBytes + FooterBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)contentBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], EventChecksum.Masked(record[..8]));
        BinaryPrimitives.WriteUInt32LittleEndian(record[^FooterBytes..], EventChecksum.Masked(record[HeaderBytes..^FooterBytes]));
        _filled += record.Length;
    }

    private void WriteBuffer()
    {
        if (_filled == 0)
        {
            return;
        }

        try
        {
            RandomAccess.Write(_file, _buffer.AsSpan(0, _filled), _written);
        }
        catch (IOException error)
        {
            const int noSpaceOnUnix = 28, diskFullOnWindows = unchecked((int)0x80070070);
            string cause = error.HResult is noSpaceOnUnix or diskFullOnWindows ? "the disk is full." : error.Message;
            throw new IOException($"{Path}: expected to append {_filled} bytes, got: {cause}", error);
        }

        _written += _filled;
        _filled = 0;
    }
}
