using System.Numerics;

namespace Pondus.Formats.Hdf5;

/// <summary>Reads the arrays of fixed and of growing length that say where chunks lie.</summary>
/// <remarks>Source: HDF5 File Format Specification 3.0, sections VII.C (fixed array) and D (extensible array).</remarks>
internal sealed class Hdf5ChunkArray(Hdf5Source source, bool isFiltered, long chunkBytes, Action<long, Hdf5ChunkPlace> add)
{
    private const int ChecksumBytes = 4;
    private const int MaskBytes = 4;
    private const int PrefixBytes = 6;
    private int _elementBytes;

    /// <summary>Reads an array of fixed length.</summary>
    public void ReadFixed(long address)
    {
        byte[] header = ReadBlock(address, 8 + source.SizeBytes + source.AddressBytes + ChecksumBytes, "FAHD"u8);
        Hdf5Cursor cursor = Open(header, address);
        int pageBits = cursor.U8();
        long count = cursor.ReadSize(), block = cursor.ReadAddress();
        if (block == Hdf5Source.Undefined)
        {
            return;
        }

        CheckCount(count, address);
        long pageCount = pageBits < 62 ? 1L << pageBits : long.MaxValue;
        long prefix = PrefixBytes + source.AddressBytes;
        if (count <= pageCount)
        {
            byte[] bytes = ReadBlock(block, prefix + (count * _elementBytes) + ChecksumBytes, "FADB"u8);
            Add(bytes.AsSpan((int)prefix), block, 0, count);
            return;
        }

        long pages = ((count - 1) / pageCount) + 1;
        byte[] head = ReadBlock(block, prefix + ((pages + 7) / 8) + ChecksumBytes, "FADB"u8);
        ReadPages(head.AsSpan((int)prefix), 0, block + head.Length, 0, count, pageCount);
    }

    /// <summary>Reads an array that grows.</summary>
    public void ReadExtensible(long address)
    {
        byte[] header = ReadBlock(address, 12 + (6 * source.SizeBytes) + source.AddressBytes + ChecksumBytes, "EAHD"u8);
        Hdf5Cursor cursor = Open(header, address);
        int countBits = cursor.U8(), inIndex = cursor.U8(), least = cursor.U8(), pointers = cursor.U8(), pageBits = cursor.U8();
        cursor.Skip(4 * source.SizeBytes);
        long count = cursor.ReadSize();
        cursor.ReadSize();
        long index = cursor.ReadAddress();
        if (index == Hdf5Source.Undefined || count <= 0)
        {
            return;
        }

        CheckCount(count, address);
        if (countBits is 0 or > 62 || !BitOperations.IsPow2(least) || least == 0 || !BitOperations.IsPow2(pointers) || pointers == 0 || pageBits > 62 || BitOperations.Log2((uint)least) > countBits)
        {
            throw source.Error(address, $"expected an array whose blocks double in size, got {countBits} bits, {least} elements, {pointers} pointers. It is damaged.");
        }

        new Growing(this, count, countBits, least, pointers, 1L << pageBits).ReadIndex(index, inIndex);
    }

    private Hdf5Cursor Open(byte[] header, long address)
    {
        Hdf5Cursor cursor = new(source, header, address, "an array of chunks");
        cursor.Skip(PrefixBytes);
        _elementBytes = cursor.U8();
        int least = source.AddressBytes + (isFiltered ? MaskBytes + 1 : 0), most = source.AddressBytes + (isFiltered ? MaskBytes + sizeof(long) : 0);
        return _elementBytes >= least && _elementBytes <= most
            ? cursor
            : throw source.Error(address, $"expected elements of {least} to {most} bytes, got {_elementBytes}. It is damaged.");
    }

    private void CheckCount(long count, long address)
    {
        if (count < 0 || count > source.Length / _elementBytes)
        {
            throw source.Error(address, $"expected an array of chunks within the file, got {count} elements. It is damaged.");
        }
    }

    private byte[] ReadBlock(long address, long bytes, ReadOnlySpan<byte> signature)
    {
        byte[] block = source.Read(address, bytes, "an array of chunks");
        source.Expect(block, signature, address, "an array of chunks");
        source.Verify(block, address, "an array of chunks");
        return block;
    }

    private void Add(ReadOnlySpan<byte> bytes, long address, long first, long count)
    {
        Hdf5Cursor cursor = new(source, bytes, address, "an array of chunks");
        for (long i = 0; i < count; i++)
        {
            long chunk = cursor.ReadAddress();
            long stored = isFiltered ? cursor.Number(_elementBytes - source.AddressBytes - MaskBytes) : chunkBytes;
            uint mask = isFiltered ? cursor.U32() : 0;
            if (chunk != Hdf5Source.Undefined)
            {
                add(first + i, new Hdf5ChunkPlace(chunk, stored, mask));
            }
        }
    }

    private void ReadPages(ReadOnlySpan<byte> written, long firstBit, long address, long first, long count, long pageCount)
    {
        for (long at = 0, page = firstBit; at < count; at += pageCount, page++)
        {
            long inPage = Math.Min(pageCount, count - at);
            long bytes = (inPage * _elementBytes) + ChecksumBytes;
            if (page / 8 < written.Length && (written[(int)(page / 8)] & (0x80 >> (int)(page % 8))) != 0)
            {
                byte[] block = source.Read(address, bytes, "an array of chunks");
                source.Verify(block, address, "an array of chunks");
                Add(block, address, first + at, inPage);
            }

            address += bytes;
        }
    }

    /// <summary>The sizes of the blocks of an array that grows, and the walk through them.</summary>
    private sealed class Growing(Hdf5ChunkArray array, long count, int countBits, int least, int pointers, long pageCount)
    {
        private readonly Hdf5Source _source = array.Source;
        private readonly int _offsetBytes = (countBits + 7) / 8;

        public void ReadIndex(long address, int inIndex)
        {
            int directSupers = 2 * BitOperations.Log2((uint)pointers);
            int supers = 1 + countBits - BitOperations.Log2((uint)least);
            int blocks = 2 * (pointers - 1), superPointers = Math.Max(0, supers - directSupers);
            long prefix = PrefixBytes + _source.AddressBytes;
            byte[] bytes = array.ReadBlock(
                address, prefix + ((long)inIndex * array._elementBytes) + ((long)(blocks + superPointers) * _source.AddressBytes) + ChecksumBytes, "EAIB"u8);
            array.Add(bytes.AsSpan((int)prefix), address, 0, Math.Min(count, inIndex));
            Hdf5Cursor cursor = new(_source, bytes, address, "an array of chunks");
            cursor.Skip(prefix + ((long)inIndex * array._elementBytes));
            long first = inIndex;
            for (int i = 0; i < supers && first < count; i++)
            {
                long blockCount = 1L << (i / 2), inBlock = (long)least << ((i + 1) / 2);
                if (i < directSupers)
                {
                    for (long k = 0; k < blockCount && first < count; k++, first += inBlock)
                    {
                        ReadBlock(cursor.ReadAddress(), first, inBlock, [], 0, 0);
                    }
                }
                else
                {
                    ReadSuper(cursor.ReadAddress(), first, blockCount, inBlock);
                    first = first <= long.MaxValue - (blockCount * inBlock) ? first + (blockCount * inBlock) : long.MaxValue;
                }
            }
        }

        private void ReadSuper(long address, long first, long blockCount, long inBlock)
        {
            if (address == Hdf5Source.Undefined)
            {
                return;
            }

            long pages = inBlock > pageCount ? inBlock / pageCount : 0;
            long prefix = PrefixBytes + _source.AddressBytes + _offsetBytes, maskBytes = (pages + 7) / 8;
            if (blockCount > _source.Length || maskBytes > _source.Length)
            {
                throw _source.Error(address, "expected an array of chunks within the file, got more. It is damaged.");
            }

            byte[] bytes = array.ReadBlock(address, prefix + (blockCount * (maskBytes + _source.AddressBytes)) + ChecksumBytes, "EASB"u8);
            Hdf5Cursor cursor = new(_source, bytes, address, "an array of chunks");
            cursor.Skip(prefix + (blockCount * maskBytes));
            for (long k = 0; k < blockCount && first < count; k++, first += inBlock)
            {
                // The bits of all blocks follow each other without gaps, though there is room for whole bytes to each.
                ReadBlock(cursor.ReadAddress(), first, inBlock, bytes.AsSpan((int)prefix, (int)(blockCount * maskBytes)), k * pages, pages);
            }
        }

        private void ReadBlock(long address, long first, long inBlock, ReadOnlySpan<byte> written, long firstBit, long pages)
        {
            if (address == Hdf5Source.Undefined)
            {
                return;
            }

            long prefix = PrefixBytes + _source.AddressBytes + _offsetBytes;
            if (pages > 0)
            {
                byte[] head = array.ReadBlock(address, prefix + ChecksumBytes, "EADB"u8);
                array.ReadPages(written, firstBit, address + head.Length, first, Math.Min(inBlock, RoundUp(count - first)), pageCount);
                return;
            }

            array.CheckCount(inBlock, address);
            byte[] bytes = array.ReadBlock(address, prefix + (inBlock * array._elementBytes) + ChecksumBytes, "EADB"u8);
            array.Add(bytes.AsSpan((int)prefix), address, first, Math.Min(inBlock, count - first));
        }

        // Pages are whole, even where the array ends within one.
        private long RoundUp(long elements) => ((elements - 1) / pageCount * pageCount) + pageCount;
    }

    private Hdf5Source Source => source;
}
